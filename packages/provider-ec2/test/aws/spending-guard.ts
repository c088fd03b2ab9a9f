import { type Ec2Api, Ec2Error, type RunInstancesInput } from '../../src/ports/ec2-api.js';
import type { SpendingLimits } from './limits.js';
import { overriding } from './overriding.js';
import { livingMachines, RUN_TAG } from './run-tag.js';
import { SpendingLedger } from './spending-ledger.js';

export interface SpendingGuardParts {
  readonly limits: SpendingLimits;
  /** The value of {@link RUN_TAG} on all that is made. */
  readonly run: string;
  readonly now?: () => number;
}

/** An {@link Ec2Api} that tags what it makes with its run and launches nothing beyond the limits. */
export class SpendingGuard {
  readonly api: Ec2Api;
  readonly #ledger: SpendingLedger;
  readonly #limits: SpendingLimits;
  readonly #run: string;
  #isSpent = false;

  constructor(
    private readonly target: Ec2Api,
    { limits, run, now = Date.now }: SpendingGuardParts,
  ) {
    this.#ledger = new SpendingLedger(now);
    this.#limits = limits;
    this.#run = run;
    this.api = overriding(target, {
      runInstances: (input, options) => this.#launch(input, () => target.runInstances(this.#tagged(input), options)),
      terminateInstances: async (ids, options) => {
        await target.terminateInstances(ids, options);
        this.#ledger.end(ids);
      },
      createImage: (input, options) => target.createImage(this.#tagged(input), options),
      createReplaceRootVolumeTask: (input, options) => target.createReplaceRootVolumeTask(this.#tagged(input), options),
      importKeyPair: (input, options) => target.importKeyPair(this.#tagged(input), options),
      createSecurityGroup: (input, options) => target.createSecurityGroup(this.#tagged(input), options),
    });
  }

  get spent(): { readonly machines: number; readonly minutes: number } {
    return { machines: this.#ledger.inAll, minutes: this.#ledger.minutes };
  }

  /** Ends all machines of the run, those whose launch was never answered too. */
  async endAll(): Promise<void> {
    const ids = await livingMachines(this.target, this.#run);
    if (ids.length > 0) await this.target.terminateInstances(ids);
    this.#ledger.endAll();
  }

  /** Ends everything once the budget is spent; nothing is launched after that. Answers whether it is. */
  async stopWhenSpent(): Promise<boolean> {
    this.#isSpent ||= this.#ledger.minutes > this.#limits.machineMinutes;
    if (this.#isSpent) await this.endAll();
    return this.#isSpent;
  }

  async #launch<T extends readonly { readonly instanceId: string }[]>(
    input: RunInstancesInput,
    launch: () => Promise<T>,
  ): Promise<T> {
    const { clientToken } = input;
    const isRepeat = this.#ledger.has(clientToken);
    if (!isRepeat) {
      this.#check(input);
      this.#ledger.open(clientToken, input.maxCount);
    }
    try {
      const machines = await launch();
      this.#ledger.name(
        clientToken,
        machines.map(({ instanceId }) => instanceId),
      );
      return machines;
    } catch (error) {
      if (!isRepeat && isRefusal(error)) this.#ledger.strike(clientToken);
      throw error;
    }
  }

  #check({ instanceType, maxCount }: RunInstancesInput): void {
    const { types, machinesAtOnce, machinesInAll, machineMinutes } = this.#limits;
    const { alive, inAll, minutes } = this.#ledger;
    if (!types.includes(instanceType)) throw refusal(`${instanceType} is none of ${types.join(', ')}`);
    if (alive + maxCount > machinesAtOnce) throw refusal(`more than ${machinesAtOnce} machines at once`);
    if (inAll + maxCount > machinesInAll) throw refusal(`more than ${machinesInAll} machines in all`);
    if (this.#isSpent || minutes + maxCount > machineMinutes) throw refusal(`more than ${machineMinutes} machine-minutes`);
  }

  #tagged<T extends { readonly tags: Readonly<Record<string, string>> }>(input: T): T {
    return { ...input, tags: { ...input.tags, [RUN_TAG]: this.#run } };
  }
}

function refusal(why: string): Ec2Error {
  return new Ec2Error('SpendingLimitOfThisTest', `not launched: ${why}`, 403);
}

/** Of anything else the effect is not known: it may have been started. */
function isRefusal(error: unknown): boolean {
  return error instanceof Ec2Error && error.httpStatus !== null && !['InternalError', 'ServiceUnavailable'].includes(error.code);
}
