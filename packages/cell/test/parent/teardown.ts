/** Undoes things in the opposite order of their doing. */
export class Teardown {
  readonly #steps: { what: string; undo: () => Promise<unknown> }[] = [];
  #running: Promise<string[]> | undefined;

  /** Say how to undo before doing, so that being interrupted in between leaves nothing. Once all is being undone, it throws. */
  add(what: string, undo: () => Promise<unknown>): void {
    if (this.#running !== undefined) throw new Error(`not begun, since all is being taken down: ${what}`);
    this.#steps.push({ what, undo });
  }

  /** Runs every step even when some fail, and returns what failed. Repeat-safe: the second caller waits for the first. */
  run(): Promise<string[]> {
    this.#running ??= this.#undoAll();
    return this.#running;
  }

  async #undoAll(): Promise<string[]> {
    const failures: string[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      const { what, undo } = step;
      await undo().catch((error: unknown) => failures.push(`${what}: ${String(error)}`));
    }
    return failures;
  }
}

/** Tears down on SIGINT and SIGTERM, then exits as a process ended by a signal does. */
export function tearDownOnSignals(teardown: Teardown, say: (line: string) => void): void {
  const onSignal = (code: number) => (): void => {
    say('interrupted; taking everything down');
    void teardown.run().then((failures) => {
      for (const failure of failures) say(failure);
      process.exit(code);
    });
  };
  process.on('SIGINT', onSignal(130));
  process.on('SIGTERM', onSignal(143));
}
