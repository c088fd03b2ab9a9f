import { Writable } from 'node:stream';

/**
 * Makes all that is written within one turn of the event loop one write to the socket. amqplib writes each frame by
 * itself, three for a message, and each would be a system call and a packet.
 */
export function gatherWrites(stream: Writable): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  let isCorked = false;
  stream.write = ((...args: unknown[]) => {
    if (!isCorked) {
      isCorked = true;
      stream.cork();
      process.nextTick(() => {
        isCorked = false;
        stream.uncork();
      });
    }
    return write(...args);
  }) as Writable['write'];
}

/** The socket below a connection, which amqplib has and does not promise; undefined where it is kept elsewhere some day. */
export function socketOf(connection: object): Writable | undefined {
  const stream: unknown = 'stream' in connection ? connection.stream : undefined;
  return stream instanceof Writable ? stream : undefined;
}
