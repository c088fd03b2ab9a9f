import type { Duplex } from 'node:stream';
import { ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { guarded, toProviderError } from '../limits/errors.js';
import { youngerThanNotFound } from '../limits/not-found.js';
import type { SerialSettings } from '../settings/serial-options.js';
import { freshKeyPair } from './ssh-keys.js';
import { openShell, SshRefusal } from './ssh-shell.js';

/**
 * A session at the machine's serial port, which only types on Nitro have, one at a time, and only where the account allows it
 * (AWS: "EC2 Serial Console"). A key of its own opens it and is forgotten at once.
 */
export async function openSerial(
  ec2: Ec2Context,
  id: string,
  { serial, signal }: { readonly serial: SerialSettings; readonly signal?: AbortSignal | undefined },
): Promise<Duplex> {
  signal?.throwIfAborted();
  const { publicKey, privateKey } = await freshKeyPair('burstcell');
  await letIn(ec2, { instanceId: id, publicKey }, signal);
  try {
    return await openShell({ ...serial, username: `${id}.port0`, privateKey, signal });
  } catch (error) {
    throw error instanceof SshRefusal ? refused(error) : error;
  }
}

async function letIn(ec2: Ec2Context, key: { readonly instanceId: string; readonly publicKey: string }, signal?: AbortSignal) {
  const sent = ec2.calls.once({
    action: 'SendSerialConsoleSSHPublicKey',
    signal,
    run: (api, options) => api.sendSerialConsoleSSHPublicKey(key, options),
  });
  return guarded(sent).catch((error: unknown) => {
    throw youngerThanNotFound(ec2.young, key.instanceId, toProviderError(error));
  });
}

function refused(cause: SshRefusal): ProviderError {
  const isStranger = cause.reason === 'host-key';
  return new ProviderError(isStranger ? 'unauthorized' : 'unavailable', `the serial console was not opened: ${cause.message}`, {
    cause,
    subject: 'instance',
    userMessage: isStranger
      ? 'The consoles of this cloud could not be told from an impostor; ask your cloud operator.'
      : 'The console of this server could not be reached; try again in a moment.',
  });
}
