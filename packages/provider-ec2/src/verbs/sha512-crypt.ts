import { createHash, randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CRYPT_ROUNDS, CRYPT_ROUNDS_PER_TURN } from '../timings.js';

const DIGEST = 64;
const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** What a hash without `rounds=` means. */
const DEFAULT_ROUNDS = 5_000;

/** A password as /etc/shadow holds it (`$6$…`), with a salt of its own each time. */
export function hashPassword(password: string): Promise<string> {
  const salt = [...randomBytes(16)].map((byte) => ALPHABET[byte & 63]).join('');
  return sha512Crypt(password, salt, CRYPT_ROUNDS);
}

/**
 * SHA-512 crypt, as every libc since 2008 reads it ("Unix crypt using SHA-256 and SHA-512", Drepper). `salt` of at most 16
 * characters. Lets others of the process take their turn between the rounds.
 */
export async function sha512Crypt(password: string, salt: string, rounds = DEFAULT_ROUNDS): Promise<string> {
  const key = Buffer.from(password, 'utf8');
  const seed = Buffer.from(salt, 'utf8');
  const p = repeated(sha512(...Array<Buffer>(key.length).fill(key)), key.length);
  let digest = firstDigest(key, seed);
  const s = repeated(sha512(...Array<Buffer>(16 + (digest[0] ?? 0)).fill(seed)), seed.length);
  for (let round = 0; round < rounds; round += 1) {
    const parts = [round % 2 ? p : digest, ...(round % 3 ? [s] : []), ...(round % 7 ? [p] : []), round % 2 ? digest : p];
    digest = sha512(...parts);
    if (round % CRYPT_ROUNDS_PER_TURN === CRYPT_ROUNDS_PER_TURN - 1) await nextTurn();
  }
  return `$6$${rounds === DEFAULT_ROUNDS ? '' : `rounds=${rounds}$`}${salt}$${encoded(digest)}`;
}

/** Steps 1 to 12 of the description. */
function firstDigest(key: Buffer, seed: Buffer): Buffer {
  const inner = sha512(key, seed, key);
  const parts = [key, seed, repeated(inner, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? inner : key);
  return sha512(...parts);
}

function sha512(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** The digest over and over, up to that length. */
function repeated(digest: Buffer, length: number): Buffer {
  return Buffer.alloc(length, digest);
}

/** Three bytes become four characters, lowest bits first; each group takes bytes that are 21 apart, and each begins one step further on. */
function encoded(digest: Buffer): string {
  const groups = Array.from({ length: 21 }, (_, group) => {
    const first = (group * 22) % (DIGEST - 1);
    const [a = 0, b = 0, c = 0] = [first, (first + 21) % 63, (first + 42) % 63].map((at) => digest[at]);
    return letters((a << 16) | (b << 8) | c, 4);
  });
  return groups.join('') + letters(digest[DIGEST - 1] ?? 0, 2);
}

function letters(bits: number, count: number): string {
  return Array.from({ length: count }, (_, at) => ALPHABET[(bits >> (6 * at)) & 63]).join('');
}
