import type { CommandInvocation, CommandsApi, SendCommandInput } from '../ports/commands-api.js';
import type { Ec2CallOptions } from '../ports/ec2-api.js';
import { ec2Failure } from './failures.js';
import type { PassGate } from './fake-metrics.js';
import type { WindowsGuest } from './windows-guest.js';

interface Sent extends SendCommandInput {
  /** What its next looks show; the last stays. */
  readonly steps: CommandInvocation[];
}

const MIN_TIMEOUT_SECONDS = 30;
const step = (status: CommandInvocation['status'], statusDetails: string = status): CommandInvocation => ({
  status,
  statusDetails,
});

/** Systems Manager in memory, beside the instances of {@link ./fake-ec2.ts FakeEc2}. Runs nothing but in Windows guests that a test gives it: it only says how it ended. */
export class FakeCommands implements CommandsApi {
  readonly #sent = new Map<string, Sent>();
  /** Instances without a registered agent. */
  readonly unmanaged = new Set<string>();
  /** Windows guests that run what they are sent, by instance. */
  readonly guests = new Map<string, WindowsGuest>();
  /** How commands sent from now on go; in a guest that runs them, unless they fail there. */
  course: readonly CommandInvocation[] = [step('Pending'), step('Success')];

  constructor(
    private readonly pass: PassGate,
    private readonly isRunning: (instanceId: string) => boolean,
  ) {}

  /** The account's command history: all of it can be read by whoever may. */
  history(): readonly SendCommandInput[] {
    return [...this.#sent.values()];
  }

  sendCommand(input: SendCommandInput, { signal }: Ec2CallOptions = {}): Promise<{ readonly commandId: string }> {
    return this.pass({ action: 'SendCommand', instances: 1, signal }, () => {
      if (this.unmanaged.has(input.instanceId) || !this.isRunning(input.instanceId))
        throw ec2Failure('InvalidInstanceId', `Instances [[${input.instanceId}]] not in a valid state for account`);
      if (input.timeoutSeconds < MIN_TIMEOUT_SECONDS) throw ec2Failure('ValidationException', 'timeoutSeconds');
      const commandId = `command-${this.#sent.size + 1}`;
      this.#sent.set(commandId, { ...input, steps: this.#stepsOf(input) });
      return { commandId };
    });
  }

  #stepsOf({ instanceId, document, commands }: SendCommandInput): CommandInvocation[] {
    const guest = document === 'AWS-RunPowerShellScript' ? this.guests.get(instanceId) : undefined;
    if (guest === undefined || this.course.at(-1)?.status !== 'Success') return [...this.course];
    const output = guest.run(commands.join('\n'));
    const end = output === null ? step('Failed') : { ...step('Success'), output };
    return [...this.course.slice(0, -1), end];
  }

  getCommandInvocation(
    { commandId }: { readonly commandId: string; readonly instanceId: string },
    { signal }: Ec2CallOptions = {},
  ): Promise<CommandInvocation> {
    return this.pass({ action: 'GetCommandInvocation', signal }, () => {
      const sent = this.#sent.get(commandId);
      const [now, ...later] = sent?.steps ?? [];
      if (sent === undefined || now === undefined) throw ec2Failure('InvocationDoesNotExist', commandId);
      if (later.length > 0) sent.steps.shift();
      return now;
    });
  }
}
