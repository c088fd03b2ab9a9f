import { describe, expect, it } from '@jest/globals';
import ssh2 from 'ssh2';
import { freshKeyPair } from '../src/verbs/ssh-keys.js';

/** One in some hundred of the library's is broken: with as many as this, some would be. */
const MANY = 1_500;

describe('a fresh key pair', () => {
  it('can be read again, each time', async () => {
    const pairs = await Promise.all(Array.from({ length: MANY }, () => freshKeyPair('burstcell')));

    const broken = pairs.filter(({ privateKey }) => ssh2.utils.parseKey(privateKey) instanceof Error);
    expect(broken).toEqual([]);
    expect(pairs[0]?.publicKey).toMatch(/^ssh-ed25519 \S+ burstcell$/);
    expect(new Set(pairs.map(({ publicKey }) => publicKey)).size).toBe(MANY);
  });
});
