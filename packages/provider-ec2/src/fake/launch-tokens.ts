import type { RunInstancesInput } from '../ports/ec2-api.js';
import { ec2Failure } from './failures.js';
import type { Machine } from './machine.js';

interface Spent {
  readonly parameters: string;
  readonly machines: readonly Machine[];
}

/**
 * Client tokens of launches that succeeded. A token holds per zone when the request names a
 * zone or subnet, else per region: the same token in two zones is two launches
 * (Amazon EC2 Developer Guide: Ensuring idempotency, RunInstances idempotency).
 * AWS keeps one for at least 24 hours after the end; this keeps it for ever.
 */
export class LaunchTokens {
  readonly #spent = new Map<string, Spent>();
  readonly #byToken = new Map<string, Machine[]>();

  /**
   * The machines of an earlier launch with this token; undefined when it is new. Throws
   * IdempotentParameterMismatch, and IdempotentInstanceTerminated when all of them have ended.
   */
  replay(input: RunInstancesInput, scope: string): readonly Machine[] | undefined {
    const spent = this.#spent.get(key(input, scope));
    if (spent === undefined) return undefined;
    if (spent.parameters !== canonical(input)) {
      throw ec2Failure(
        'IdempotentParameterMismatch',
        'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
      );
    }
    if (spent.machines.every(hasEnded)) {
      throw ec2Failure(
        'IdempotentInstanceTerminated',
        'The instance(s) launched by the previous request with this client token have been terminated.',
      );
    }
    return spent.machines;
  }

  record(input: RunInstancesInput, scope: string, machines: readonly Machine[]): void {
    this.#spent.set(key(input, scope), { parameters: canonical(input), machines });
    this.#byToken.set(input.clientToken, [...(this.#byToken.get(input.clientToken) ?? []), ...machines]);
  }

  /** Machines launched with this token, in whatever zone. */
  machinesOf(token: string): readonly Machine[] {
    return this.#byToken.get(token) ?? [];
  }
}

const key = ({ clientToken }: RunInstancesInput, scope: string): string => `${scope} ${clientToken}`;
const hasEnded = ({ state }: Machine): boolean => state === 'terminated' || state === 'shutting-down';

/** The same text for the same parameters, in whatever order they came. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
