import type { ParentBed } from './bed.js';
import type { OurChild } from './our-child.js';
import { VERB_RESTS_MS } from './timings.js';
import { until } from './wait.js';

/** Runs commands where everybody can see them, and keeps what went wrong. */
export class Demo {
  readonly complaints: string[] = [];
  readonly #began = Date.now();
  #commands = 0;

  constructor(
    readonly bed: ParentBed,
    readonly child: OurChild,
    readonly say: (line: string) => void,
  ) {}

  async nova(...args: string[]): Promise<void> {
    console.log(`\n$ nova ${args.join(' ')}`);
    const { status, output, seconds } = await this.bed.cli.run(args);
    console.log(`${output.trimEnd()}\n(${seconds.toFixed(1)} s)`);
    this.#commands += 1;
    if (status !== 0) this.#complain(`nova ${args.join(' ')} ended with ${status}`);
  }

  /** Waits until so many servers stand there and none is on its way. */
  async rests(status: string, count: number): Promise<void> {
    const began = Date.now();
    const arrived = await until(async () => {
      const servers = await this.bed.rest.servers();
      const still = servers.every((server) => server['OS-EXT-STS:task_state'] === null);
      return still && servers.filter((server) => server.status === status).length === count;
    }, VERB_RESTS_MS);
    if (!arrived) this.#complain(`not ${count} servers ${status} within ${VERB_RESTS_MS / 1000} s`);
    else this.say(`${count} ${status} after ${((Date.now() - began) / 1000).toFixed(1)} s more`);
  }

  async gone(): Promise<void> {
    const empty = await until(async () => (await this.bed.rest.servers()).length === 0, VERB_RESTS_MS);
    if (!empty) this.#complain('servers are left at the parent');
  }

  /** What EC2 itself says, for comparison with what the parent shows. */
  async cloud(): Promise<void> {
    const shown = (await this.bed.rest.servers()).length;
    const same = await until(async () => (await this.#machines()).length === shown, VERB_RESTS_MS);
    console.log('\n# meanwhile at EC2');
    const machines = await this.#machines();
    for (const { id, state, addresses } of machines) console.log(`${id}  ${state}  ${addresses.join(' ')}`);
    console.log(`${machines.length} machines; the parent shows ${shown} servers`);
    if (!same) this.#complain(`EC2 has ${machines.length} machines, the parent ${shown} servers`);
  }

  async #machines(): Promise<{ id: string; state: string; addresses: string[] }[]> {
    return (await this.child.machines()) ?? [];
  }

  summary(): void {
    const seconds = Math.round((Date.now() - this.#began) / 1000);
    console.log(`\n${this.#commands} nova commands in ${seconds} s at an unmodified ${this.bed.release} parent:`);
    for (const complaint of this.complaints) console.log(`WRONG: ${complaint}`);
    console.log(
      this.complaints.length === 0
        ? 'all came to what they should'
        : `logs: ${this.bed.logFolder} ${this.child.logFiles.join(' ')}`,
    );
  }

  #complain(complaint: string): void {
    this.complaints.push(complaint);
    this.say(`WRONG: ${complaint}`);
  }
}
