import { constants, createPublicKey, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto';
import { ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import type { Calls } from '../limits/calls.js';
import type { CommandsApi } from '../ports/commands-api.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import { refusedByGuest, runInGuest } from './guest-command.js';
import { decryptAndSetScript, KEY_BITS, makeKeyScript } from './windows-scripts.js';

const POWERSHELL = 'AWS-RunPowerShellScript';
/** RSACryptoServiceProvider knows OAEP with SHA-1 alone, which takes 42 bytes of the modulus (RFC 8017, 7.1.1). */
const OAEP_HASH = 'sha1';
const MAX_BYTES = KEY_BITS / 8 - 42;
const NAME_BYTES = 16;

/**
 * Sets the password of a Windows guest's Administrator in two commands: the first has the guest make a key of this request's
 * own and say its public half, the second brings the password encrypted with that, and takes the key away. Dying in between
 * leaves a key in the guest that opens nothing; a repeat makes another. Throws `invalid` for a password that is too long, else
 * as {@link runInGuest}.
 */
export async function setWindowsPassword(
  ec2: Ec2Context,
  commands: Calls<CommandsApi>,
  { machine, password }: { readonly machine: Ec2Instance; readonly password: string },
  signal?: AbortSignal,
): Promise<void> {
  const clear = Buffer.from(password, 'utf8');
  if (clear.byteLength > MAX_BYTES) throw tooLong(machine);
  const container = `burstcell-${randomBytes(NAME_BYTES).toString('hex')}`;
  const run = (script: readonly string[]) => runInGuest(ec2, commands, { machine, document: POWERSHELL, script }, signal);

  const key = publicKeyIn(await run(makeKeyScript(container)));
  if (key === null) throw refusedByGuest(machine);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const encrypted = publicEncrypt({ key, padding, oaepHash: OAEP_HASH }, clear).toString('base64');
  await run(decryptAndSetScript(container, encrypted));
}

/**
 * As .NET writes it (RSA.ToXmlString), and PowerShell may break it into lines; null where there is none, or a weaker one than
 * was asked for.
 */
function publicKeyIn(output: string): KeyObject | null {
  const [, modulus, exponent] =
    /<Modulus>([A-Za-z0-9+/=]+)<\/Modulus><Exponent>([A-Za-z0-9+/=]+)<\/Exponent>/.exec(output.replaceAll(/\s/g, '')) ?? [];
  if (modulus === undefined || exponent === undefined) return null;
  const toUrl = (part: string) => Buffer.from(part, 'base64').toString('base64url');
  try {
    const key = createPublicKey({ key: { kty: 'RSA', n: toUrl(modulus), e: toUrl(exponent) }, format: 'jwk' });
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= KEY_BITS ? key : null;
  } catch {
    return null;
  }
}

function tooLong({ instanceId }: Ec2Instance): ProviderError {
  return new ProviderError('invalid', `the password for ${instanceId} is longer than ${MAX_BYTES} bytes`, {
    userMessage: `The new password is too long for a Windows server; use at most ${MAX_BYTES} bytes.`,
  });
}
