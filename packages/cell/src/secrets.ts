import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals what an operation needs but no row may show: passwords and tokens that came down with a verb. The key
 * is made of what every replica's configuration has and the database has not, so any replica can open it and a
 * copy of the database alone cannot.
 */
export class Secrets {
  private readonly key: Buffer;

  constructor(configured: string) {
    this.key = Buffer.from(hkdfSync('sha256', configured, '', 'burstcell operation secrets', KEY_BYTES));
  }

  seal(text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** Null when it was sealed under another configuration, or is no sealed text at all. */
  open(sealed: unknown): string | null {
    if (typeof sealed !== 'string') return null;
    try {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
      return text.toString('utf8');
    } catch {
      return null;
    }
  }
}
