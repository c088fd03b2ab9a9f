import { createHash } from 'node:crypto';
import type { Ec2KeyPair, Ec2Tags } from '../ports/ec2-api.js';
import { ec2Failure } from './failures.js';
import { checkTags } from './tag-checks.js';

/** The account's key pairs by name. */
export class KeyPairs {
  readonly #byName = new Map<string, Ec2KeyPair>();

  /** Without names: all. Throws InvalidKeyPair.NotFound. */
  describe(names: readonly string[]): readonly Ec2KeyPair[] {
    return names.length === 0 ? [...this.#byName.values()] : names.map((name) => this.require(name));
  }

  require(name: string): Ec2KeyPair {
    const pair = this.#byName.get(name);
    if (pair === undefined) throw ec2Failure('InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`);
    return pair;
  }

  /** Throws InvalidKeyPair.Duplicate and InvalidKey.Format. */
  import({ name, publicKey, tags }: { readonly name: string; readonly publicKey: string; readonly tags: Ec2Tags }): Ec2KeyPair {
    checkTags(tags);
    if (this.#byName.has(name)) throw ec2Failure('InvalidKeyPair.Duplicate', `The keypair '${name}' already exists.`);
    const pair = { name, fingerprint: fingerprintOf(publicKey), publicKey };
    this.#byName.set(name, pair);
    return pair;
  }
}

/** EC2 takes RSA and ED25519 keys; MD5 for the first, SHA-256 for the second (Amazon EC2: Key pair fingerprints). */
function fingerprintOf(publicKey: string): string {
  const [, kind, material] = /^(ssh-rsa|ssh-ed25519) ([A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(publicKey.trim()) ?? [];
  if (kind === undefined || material === undefined) {
    throw ec2Failure('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');
  }
  if (kind === 'ssh-ed25519') return createHash('sha256').update(material, 'base64').digest('base64');
  return createHash('md5').update(material, 'base64').digest('hex').match(/../g)?.join(':') ?? '';
}
