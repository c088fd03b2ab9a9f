/** How often a key pair is made before the library is given up: it fails once in some hundred. */
const TRIES = 20;

export interface SshKeyPair {
  /** As in `authorized_keys`. */
  readonly publicKey: string;
  /** OpenSSH's form. */
  readonly privateKey: string;
}

/** A new ED25519 key pair. ssh2 writes some that it cannot read again; those are thrown away. */
export async function freshKeyPair(comment: string): Promise<SshKeyPair> {
  const { utils } = (await import('ssh2')).default;
  for (let left = TRIES; left > 0; left -= 1) {
    const { public: publicKey, private: privateKey } = utils.generateKeyPairSync('ed25519', { comment });
    if (!(utils.parseKey(privateKey) instanceof Error)) return { publicKey, privateKey };
  }
  throw new Error(`no SSH key could be made in ${TRIES} tries`);
}
