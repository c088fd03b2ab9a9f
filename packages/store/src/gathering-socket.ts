import { Socket } from 'node:net';

/**
 * Makes all that is written within one turn of the event loop one write. The driver writes each statement by itself:
 * for the dozen statements of a batch that is a dozen system calls here and as many wake-ups of the server.
 */
export class GatheringSocket extends Socket {
  #isCorked = false;

  override write(...args: unknown[]): boolean {
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.cork();
      process.nextTick(() => {
        this.#isCorked = false;
        this.uncork();
      });
    }
    return super.write(...(args as Parameters<Socket['write']>));
  }
}
