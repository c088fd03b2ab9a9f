import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { anInstance } from '../support/builders.js';
import { useTestStore } from '../support/test-store.js';

const t = useTestStore();

const HOUR_MS = 3_600_000;

/** A token of a new instance. */
async function anIssued(ttlMs = HOUR_MS) {
  const instance = anInstance();
  await t.store.commit({ writes: [instance] });
  const token = { tokenHash: randomUUID(), instanceUuid: instance.uuid, consoleType: 'serial', host: 'console', port: 6083 };
  await t.store.consoleTokens.add({ ...token, ttlMs });
  return token;
}

describe('a console token', () => {
  it('is found by its hash, and holds for its instance, port and type alone', async () => {
    const { tokenHash, instanceUuid, consoleType, port } = await anIssued();
    const holds = t.store.consoleTokens.holds;

    expect(await t.store.consoleTokens.find(tokenHash)).toEqual({ instanceUuid, consoleType });
    expect(await t.store.consoleTokens.find('another')).toBeNull();
    expect(await holds({ instanceUuid, port, consoleType })).toBe(true);
    expect(await holds({ instanceUuid, port: 1, consoleType })).toBe(false);
    expect(await holds({ instanceUuid, port, consoleType: 'novnc' })).toBe(false);
    expect(await holds({ instanceUuid: randomUUID(), port, consoleType })).toBe(false);
  });

  it('stands no longer once it has expired, and is purged then', async () => {
    const { tokenHash, instanceUuid, consoleType, port } = await anIssued(-2_000);
    const standing = await anIssued();

    expect(await t.store.consoleTokens.find(tokenHash)).toBeNull();
    expect(await t.store.consoleTokens.holds({ instanceUuid, port, consoleType })).toBe(false);
    await t.store.purge(new Date());

    const left = await t.rows('select token_hash from console_auth_tokens where token_hash = any($1)', [
      [tokenHash, standing.tokenHash],
    ]);
    expect(left).toEqual([{ token_hash: standing.tokenHash }]);
  });

  it('goes with its instance, and is none where the instance is gone already', async () => {
    const { tokenHash, ...token } = await anIssued();
    await t.store.commit({ writes: [{ write: 'delete-instance', uuid: token.instanceUuid, at: new Date() }] });

    expect(await t.rows('select id from console_auth_tokens where token_hash = $1', [tokenHash])).toEqual([]);
    await t.store.consoleTokens.add({ ...token, tokenHash, ttlMs: HOUR_MS });
    expect(await t.store.consoleTokens.find(tokenHash)).toBeNull();
    expect(await t.store.consoleTokens.holds(token)).toBe(false);
  });
});
