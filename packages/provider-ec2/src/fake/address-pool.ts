/** AWS keeps the first four addresses of a subnet (Amazon VPC: Subnet CIDR blocks). */
const FIRST_OFFSET = 4;

/** The IPv4 addresses of one block: lowest unused first, then those given back longest ago. */
export class AddressPool {
  readonly #base: number;
  readonly #size: number;
  readonly #used = new Set<string>();
  #returned: string[] = [];
  #nextOffset = FIRST_OFFSET;

  /** `limit`: how many may be in use at once. */
  constructor(
    cidr: string,
    private readonly limit: number,
  ) {
    const [address = '', bits = '32'] = cidr.split('/');
    this.#base = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    this.#size = 2 ** (32 - Number(bits));
  }

  get free(): number {
    return this.limit - this.#used.size;
  }

  /** Undefined when nothing is left. */
  take(): string | undefined {
    if (this.free <= 0) return undefined;
    const address = this.#next();
    if (address !== undefined) this.#used.add(address);
    return address;
  }

  /** Takes this very address; false when another has it. */
  takeExactly(address: string): boolean {
    if (this.#used.has(address)) return false;
    this.#used.add(address);
    return true;
  }

  giveBack(address: string): void {
    if (this.#used.delete(address)) this.#returned.push(address);
  }

  #next(): string | undefined {
    while (this.#nextOffset < this.#size - 1) {
      const address = toDotted(this.#base + this.#nextOffset++);
      if (!this.#used.has(address)) return address;
    }
    for (let address = this.#returned.shift(); address !== undefined; address = this.#returned.shift()) {
      if (!this.#used.has(address)) return address;
    }
    return undefined;
  }
}

function toDotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
