import { lookup } from '../planning/lookup.js';
import { SERIAL_ENDPOINTS } from '../verbs/serial-endpoints.js';
import { Ec2OptionError, type OptionReader } from './option-reader.js';

/** Where serial consoles are opened, and the keys by which that place may be known. */
export interface SerialSettings {
  readonly host: string;
  readonly port: number;
  /** As OpenSSH writes them: `SHA256:…`. */
  readonly fingerprints: readonly string[];
}

const SSH_PORT = 22;
const ENDPOINT = /^([^:\s]+)(?::(\d{1,5}))?$/;
const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/;
const PUBLISHED = 'set it to what AWS publishes under "EC2 Serial Console endpoints and fingerprints"';

/** Undefined: the cell opens no serial consoles. Nothing is trusted that neither AWS's list nor the operator names. */
export function serialSettings(read: OptionReader, region: string): SerialSettings | undefined {
  if (!read.boolean('serial_console')) return undefined;
  const known = lookup(SERIAL_ENDPOINTS, region);
  const endpoint = read.optional('serial_console_endpoint') ?? known?.host;
  const given = read.list('serial_console_fingerprints');
  const fingerprints = given.length === 0 && known !== undefined ? [known.fingerprint] : given;
  if (endpoint === undefined) throw new Ec2OptionError('serial_console_endpoint', `is not known for ${region}`, PUBLISHED);
  if (fingerprints.length === 0)
    throw new Ec2OptionError('serial_console_fingerprints', `are not known for ${region}`, PUBLISHED);
  const wrong = fingerprints.find((one) => !FINGERPRINT.test(one));
  if (wrong !== undefined)
    throw new Ec2OptionError('serial_console_fingerprints', `${wrong} is none`, 'write SHA256: and 43 characters');
  return { ...hostAndPort(endpoint), fingerprints };
}

function hostAndPort(endpoint: string): { readonly host: string; readonly port: number } {
  const [, host, port = SSH_PORT] = ENDPOINT.exec(endpoint) ?? [];
  if (host === undefined) throw new Ec2OptionError('serial_console_endpoint', 'is no host', 'write host or host:port');
  return { host, port: Number(port) };
}
