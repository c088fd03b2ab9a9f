import type { Ec2CallOptions } from '../ports/ec2-api.js';
import { toEc2Error } from './sdk-errors.js';

/** Runs one SDK call; what it throws leaves as an Ec2Error, an abort as the signal's reason. */
export async function send<T>(
  options: Ec2CallOptions | undefined,
  run: (http: { abortSignal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  const signal = options?.signal;
  try {
    signal?.throwIfAborted();
    return await run(signal ? { abortSignal: signal } : {});
  } catch (thrown) {
    throw toEc2Error(thrown, signal);
  }
}
