import { constants, generateKeyPairSync, type KeyObject, privateDecrypt } from 'node:crypto';

const KEY_BITS = 2048;
/** As wide as a console that nobody looks at. */
const CONSOLE_LINE = /.{1,80}/g;

/**
 * A Windows guest, as far as the scripts that set its password need one: keys in named containers and the Administrator's
 * password. It understands the calls they make, not PowerShell.
 */
export class WindowsGuest {
  readonly #keys = new Map<string, KeyObject>();
  /** Null: as it was at its first boot. */
  password: string | null = null;

  /** Names of the keys it holds. */
  get containers(): readonly string[] {
    return [...this.#keys.keys()];
  }

  /** What the script writes; null when it fails. */
  run(script: string): string | null {
    const name = /KeyContainerName = '([^']+)'/.exec(script)?.[1];
    if (name === undefined) return null;
    if (script.includes('ToXmlString($false)')) return this.#makeKey(name);
    const encrypted = /Decrypt\(\[Convert\]::FromBase64String\('([^']+)'\), \$true\)/.exec(script)?.[1];
    return encrypted === undefined || !script.includes('UseExistingKey') ? null : this.#setPassword(name, encrypted);
  }

  #makeKey(name: string): string {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: KEY_BITS });
    this.#keys.set(name, privateKey);
    const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
    const base64 = (part: string) => Buffer.from(part, 'base64url').toString('base64');
    const xml = `<RSAKeyValue><Modulus>${base64(n)}</Modulus><Exponent>${base64(e)}</Exponent></RSAKeyValue>`;
    return (xml.match(CONSOLE_LINE) ?? []).map((line) => `${line}\r\n`).join('');
  }

  #setPassword(name: string, encrypted: string): string | null {
    const key = this.#keys.get(name);
    if (key === undefined) return null;
    this.#keys.delete(name);
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    try {
      this.password = privateDecrypt({ key, padding, oaepHash: 'sha1' }, Buffer.from(encrypted, 'base64')).toString('utf8');
      return '';
    } catch {
      return null;
    }
  }
}
