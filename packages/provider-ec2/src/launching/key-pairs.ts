import { createHash } from 'node:crypto';
import { type KeyPairRequest, ProviderError } from '@burstcell/provider';
import { abortable } from '../clock.js';
import type { Foundation } from '../context.js';
import { ec2Cause } from '../limits/errors.js';

/** A key that must exist before its launch. */
export interface NeededKey {
  readonly name: string;
  readonly publicKey: string;
}

/** AWS: "Create a key pair for your Amazon EC2 instance": RSA and ED25519. */
const ACCEPTED = /^(ssh-rsa|ssh-ed25519) +([A-Za-z0-9+/=]+)/;

/**
 * EC2 key pairs are named after their content: two users' keys of one name never meet, one
 * key imported twice is one, and what a name holds is known without asking.
 */
export function neededKey(request: KeyPairRequest | null): NeededKey | null {
  if (!request?.publicKey) return null;

  const parts = ACCEPTED.exec(request.publicKey.trim());
  if (!parts) throw refused(request.name);
  const material = `${parts[1]} ${parts[2]}`;
  const digest = createHash('sha256').update(material).digest('hex').slice(0, 40);
  return { name: `burstcell-${digest}`, publicKey: material };
}

function refused(name: string): ProviderError {
  return new ProviderError('invalid', `key pair ${name} is neither RSA nor ED25519`, {
    subject: 'key-pair',
    userMessage: `Key pair ${name.slice(0, 60)} is of a kind this cloud does not take; use an RSA or ED25519 key.`,
  });
}

/** Key pairs this process knows to exist. */
export class KeyPairs {
  readonly #ensured = new Map<string, Promise<void>>();

  constructor(private readonly parts: Foundation) {}

  /** Repeat-safe, also between processes: who comes second is told `Duplicate`, and that is success. */
  async ensure(key: NeededKey, signal?: AbortSignal): Promise<void> {
    const known = this.#ensured.get(key.name) ?? this.#begin(key);
    return abortable(known, signal);
  }

  /** Somebody deleted it: the next {@link ensure} imports it again. */
  forget(name: string): void {
    this.#ensured.delete(name);
  }

  #begin(key: NeededKey): Promise<void> {
    const work = this.#import(key);
    this.#ensured.set(key.name, work);
    work.catch(() => this.forget(key.name));
    return work;
  }

  async #import({ name, publicKey }: NeededKey): Promise<void> {
    const { calls, config } = this.parts;
    try {
      await calls.once({
        action: 'ImportKeyPair',
        run: (api, options) => api.importKeyPair({ name, publicKey, tags: { 'burstcell:cell': config.cellName } }, options),
      });
    } catch (error) {
      if (ec2Cause(error)?.code !== 'InvalidKeyPair.Duplicate') throw error;
    }
  }
}
