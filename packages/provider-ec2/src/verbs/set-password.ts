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
import { wrongState } from '../watching/machine-state.js';
import { hashPassword } from './sha512-crypt.js';

const SHELL = 'AWS-RunShellScript';
/** Whom nova means where the image names nobody (nova/virt/libvirt/driver.py, set_admin_password). */
const USER = 'root';

/**
 * Sets root's password in a running Linux guest by Systems Manager's Run Command, and waits for its end. Everything that is
 * sent stays readable in the account's command history for 30 days, so the password itself never leaves this process: the
 * guest is given its hash, as it would keep it. A parameter of Parameter Store would need rights and tools in the guest that
 * it mostly lacks. Windows takes no hash and is `unsupported`.
 *
 * Repeat-safe: each call sets the same password, and a command that does not reach the guest in time is dropped by AWS, so
 * that an old one cannot come after a new one. `conflict` unless the machine runs, `unsupported` where its agent is not
 * registered or the guest refuses, `unavailable` when no end was seen, and while the guest may still be starting.
 */
export async function setPassword(
  ec2: Ec2Context,
  commands: Calls<CommandsApi>,
  wish: { readonly id: string; readonly password: string },
  signal?: AbortSignal,
): Promise<void> {
  const machine = await ec2.instances.one(wish.id, signal);
  if (machine.state !== 'running') throw wrongState(machine, 'given a password');
  if (machine.platform === 'windows') throw onWindows(machine);

  const script = ["chpasswd -e <<'EOF'", `${USER}:${await hashPassword(wish.password)}`, 'EOF'];
  const commandId = await sendCommand(ec2, commands, { machine, script }, signal);
  const { status, statusDetails } = await endOf(ec2, commands, { commandId, instanceId: wish.id }, signal);
  if (status === 'Success') return;
  if (statusDetails === 'Undeliverable') throw withoutAgent(ec2, machine);
  throw status === 'Failed' ? refusedByGuest(machine) : noEnd(machine, status);
}

async function sendCommand(
  ec2: Ec2Context,
  commands: Calls<CommandsApi>,
  { machine, script }: { readonly machine: Ec2Instance; readonly script: readonly string[] },
  signal?: AbortSignal,
): Promise<string> {
  const input = {
    instanceId: machine.instanceId,
    document: SHELL,
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

function onWindows({ instanceId }: Ec2Instance): ProviderError {
  return new ProviderError('unsupported', `${instanceId} is Windows, to which a password could only be sent in clear`, {
    subject: 'instance',
    userMessage: "A Windows server's password cannot be set from outside in this cloud; set it inside the server.",
  });
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

function refusedByGuest({ instanceId }: Ec2Instance): ProviderError {
  return new ProviderError('unsupported', `${instanceId} ran chpasswd in vain`, {
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
