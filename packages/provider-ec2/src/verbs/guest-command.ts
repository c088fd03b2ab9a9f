import { isRepeatable, ProviderError } from '@burstcell/provider';
import { sleep } from '../clock.js';
import type { Ec2Context } from '../context.js';
import type { Calls } from '../limits/calls.js';
import { ec2Cause } from '../limits/errors.js';
import type { CommandInvocation, CommandsApi } from '../ports/commands-api.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import {
  AGENT_START_MS,
  COMMAND_LOOKS,
  COMMAND_POLL_FIRST_MS,
  COMMAND_POLL_MAX_MS,
  COMMAND_TIMEOUT_SECONDS,
  UNAVAILABLE_RETRY_AFTER_MS,
} from '../timings.js';

export interface GuestCommand {
  readonly machine: Ec2Instance;
  /** Name of a document of AWS's. */
  readonly document: string;
  /** Its lines; they stay readable in the account's command history for 30 days. */
  readonly script: readonly string[];
}

/**
 * Runs a script that sets a password in a guest by Systems Manager's Run Command, waits for its end and answers what it wrote.
 * A command that does not reach the guest in time is dropped by AWS, so that an old one cannot come after a new one.
 * `unsupported` where the guest's agent is not registered or the script fails, `unavailable` when no end was seen, and while
 * the guest may still be starting.
 */
export async function runInGuest(
  ec2: Ec2Context,
  commands: Calls<CommandsApi>,
  command: GuestCommand,
  signal?: AbortSignal,
): Promise<string> {
  const { machine } = command;
  const commandId = await sendCommand(ec2, commands, command, signal);
  const seen = await endOf(ec2, commands, { commandId, instanceId: machine.instanceId }, signal);
  const { status, statusDetails, output = '' } = seen;
  if (status === 'Success') return output;
  if (statusDetails === 'Undeliverable') throw withoutAgent(ec2, machine);
  throw status === 'Failed' ? refusedByGuest(machine) : noEnd(machine, status);
}

async function sendCommand(
  ec2: Ec2Context,
  commands: Calls<CommandsApi>,
  { machine, document, script }: GuestCommand,
  signal?: AbortSignal,
): Promise<string> {
  const input = {
    instanceId: machine.instanceId,
    document,
    commands: script,
    timeoutSeconds: COMMAND_TIMEOUT_SECONDS,
  };
  try {
    const sent = await commands.once({ action: 'SendCommand', signal, run: (api, options) => api.sendCommand(input, options) });
    return sent.commandId;
  } catch (error) {
    throw ec2Cause(error)?.code === 'InvalidInstanceId' ? withoutAgent(ec2, machine, error) : error;
  }
}

type Invocation = Parameters<CommandsApi['getCommandInvocation']>[0];

/** The invocation once nothing more will come of it, or as it was last seen. */
async function endOf(
  ec2: Ec2Context,
  commands: Calls<CommandsApi>,
  invocation: Invocation,
  signal?: AbortSignal,
): Promise<CommandInvocation> {
  let seen: CommandInvocation = { status: 'Pending', statusDetails: 'Pending' };
  for (let look = 0; look < COMMAND_LOOKS; look += 1) {
    await sleep(ec2.clock, Math.min(COMMAND_POLL_MAX_MS, COMMAND_POLL_FIRST_MS * 2 ** look), signal);
    seen = (await lookAt(commands, invocation, signal)) ?? seen;
    if (!['Pending', 'InProgress', 'Delayed', 'Cancelling'].includes(seen.status)) break;
  }
  return seen;
}

/** Undefined: not to be seen now (a moment after it was sent, or AWS did not answer); the next look may. */
async function lookAt(
  commands: Calls<CommandsApi>,
  invocation: Invocation,
  signal?: AbortSignal,
): Promise<CommandInvocation | undefined> {
  try {
    return await commands.once({
      action: 'GetCommandInvocation',
      signal,
      run: (api, options) => api.getCommandInvocation(invocation, options),
    });
  } catch (error) {
    if (signal?.aborted !== true && (isRepeatable(error) || ec2Cause(error)?.code === 'InvocationDoesNotExist')) return undefined;
    throw error;
  }
}

function withoutAgent({ clock }: Ec2Context, { instanceId, launchTime }: Ec2Instance, cause?: unknown): ProviderError {
  if (launchTime !== undefined && clock.now() - Date.parse(launchTime) < AGENT_START_MS) {
    return new ProviderError('unavailable', `${instanceId} may not have started its Systems Manager agent yet`, {
      cause,
      userMessage: 'The server is not ready to be told its password yet; try again some minutes after its start.',
      retryAfterMs: UNAVAILABLE_RETRY_AFTER_MS,
    });
  }
  return new ProviderError('unsupported', `${instanceId} is not managed by Systems Manager`, {
    cause,
    subject: 'instance',
    userMessage: 'The server runs no management agent of this cloud; use an image that has one, or set the password inside it.',
  });
}

/** The script ended in a failure, or wrote what no guest that ran it would. */
export function refusedByGuest({ instanceId }: Ec2Instance): ProviderError {
  return new ProviderError('unsupported', `${instanceId} ran the script that sets its password in vain`, {
    subject: 'instance',
    userMessage: 'The server refused the new password; set it inside the server.',
  });
}

function noEnd({ instanceId }: Ec2Instance, status: string): ProviderError {
  return new ProviderError('unavailable', `${instanceId} was not seen to set its password (${status})`, {
    userMessage: 'The server did not take the new password in time; try again later.',
    retryAfterMs: UNAVAILABLE_RETRY_AFTER_MS,
  });
}
