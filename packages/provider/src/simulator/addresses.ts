/** Hosts of a block of 256 that are given out: .0 and .255 look like mistakes to people. */
const HOSTS_PER_BLOCK = 254;

/** Addresses of machines: unique while in use, in order, so that runs are repeatable. */
export class AddressBook {
  readonly #inUse = new Set<string>();
  #nextFixed = 0;
  #nextFloating = 0;

  isFree(address: string): boolean {
    return !this.#inUse.has(address);
  }

  /** The address asked for, which must be free, or the next one of 10.0.0.0/8. */
  takeFixed(asked: string | null): string {
    const address = asked ?? this.#freeFixed();
    this.#inUse.add(address);
    return address;
  }

  /** The next address of 100.64.0.0/10, which no real network outside a carrier has. */
  takeFloating(): string {
    return dotted(100, 64, this.#nextFloating++);
  }

  giveBack(address: string): void {
    this.#inUse.delete(address);
  }

  #freeFixed(): string {
    let address = dotted(10, 0, this.#nextFixed++);
    while (this.#inUse.has(address)) address = dotted(10, 0, this.#nextFixed++);
    return address;
  }
}

/** A locally administered MAC that spells the address: unique because the address is. */
export function macOf(address: string): string {
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return ['02', '00', ...bytes].join(':');
}

function dotted(first: number, second: number, index: number): string {
  const block = Math.floor(index / HOSTS_PER_BLOCK);
  const host = (index % HOSTS_PER_BLOCK) + 1;
  return `${first}.${second + Math.floor(block / 256)}.${block % 256}.${host}`;
}
