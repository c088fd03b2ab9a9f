import { describe, expect, it } from '@jest/globals';
import { defaultRegion, type FakeEc2Options } from '../src/fake/index.js';
import { sha512Crypt } from '../src/verbs/sha512-crypt.js';
import { aBench, type Bench, runningOne, whileTimePasses } from './builders.js';

const PASSWORD = "pa'ss; rm -rf /";
const LATER_MS = 10 * 60_000;

/** Systems Manager is switched on. */
const aManagedBench = (options: FakeEc2Options = {}): Bench => aBench({ setPassword: 'ssm' }, options);

function set({ provider, clock }: Bench, id: string, signal?: AbortSignal): Promise<void> {
  const call = provider.setPassword?.(id, PASSWORD, signal ? { signal } : {}) ?? Promise.reject(new Error('absent'));
  return whileTimePasses(clock, call);
}

describe('the encrypted password', () => {
  it('is asked for of Windows only, and null until the guest has told it', async () => {
    const [image, ...images] = defaultRegion.images;
    if (image === undefined) throw new Error('the fake has no image');
    const windows = aBench({}, { region: { images: [{ ...image, platform: 'windows' }, ...images] } });
    const linux = aBench();
    const id = await runningOne(windows);
    const of = ({ provider }: Bench, providerId: string) => provider.encryptedPassword?.(providerId);

    expect(await of(windows, id)).toBeNull();
    windows.fake.setPasswordData(id, 'QUJD');
    expect(await of(windows, id)).toBe('QUJD');
    expect(await of(linux, await runningOne(linux))).toBeNull();
    expect(linux.fake.counts().byAction).not.toHaveProperty('GetPasswordData');
  });
});

describe('set-password', () => {
  it('is absent unless Systems Manager is to be used', () => {
    expect(aBench().provider.setPassword).toBeUndefined();
  });

  it('sends the hash of the password, never the password', async () => {
    const bench = aManagedBench();
    const id = await runningOne(bench);

    await set(bench, id);

    const [sent] = bench.fake.commands.history();
    expect(sent).toMatchObject({ instanceId: id, document: 'AWS-RunShellScript' });
    const [, line = ''] = sent?.commands ?? [];
    const [, rounds, salt = ''] = /^root:\$6\$rounds=(\d+)\$([^$]+)\$/.exec(line) ?? [];
    expect(line).toBe(`root:${await sha512Crypt(PASSWORD, salt, Number(rounds))}`);
    expect(JSON.stringify(bench.fake.commands.history())).not.toContain(PASSWORD);
  });

  it('waits for the end, also where its first look comes too early or is not answered', async () => {
    const bench = aManagedBench();
    const id = await runningOne(bench);
    for (const code of ['InvocationDoesNotExist', 'InternalError', 'NetworkingError'])
      bench.fake.inject({ action: 'GetCommandInvocation', code });

    await set(bench, id);

    expect(bench.fake.counts().byOutcome['GetCommandInvocation ok']).toBe(2);
    expect(bench.fake.counts().byAction.SendCommand).toBe(1);
  });

  it.each([
    ['Failed', 'Failed', 'unsupported', /refused the new password/],
    ['TimedOut', 'DeliveryTimedOut', 'unavailable', /in time/],
    ['Failed', 'Undeliverable', 'unsupported', /management agent/],
    ['InProgress', 'InProgress', 'unavailable', /in time/],
  ] as const)('that ends as %s (%s) is %s', async (status, statusDetails, kind, userMessage) => {
    const bench = aManagedBench();
    const id = await runningOne(bench);
    bench.clock.advance(LATER_MS);
    bench.fake.commands.course = [{ status, statusDetails }];

    const refusal = set(bench, id);

    await expect(refusal).rejects.toMatchObject({ kind, userMessage: expect.stringMatching(userMessage) });
  });

  it('is unsupported, with a remedy, where no agent is registered, but only once the guest had time to start one', async () => {
    const bench = aManagedBench();
    const id = await runningOne(bench);
    bench.fake.commands.unmanaged.add(id);

    await expect(set(bench, id)).rejects.toMatchObject({ kind: 'unavailable' });
    bench.clock.advance(LATER_MS);
    await expect(set(bench, id)).rejects.toMatchObject({
      kind: 'unsupported',
      userMessage: expect.stringContaining('use an image that has one'),
    });
  });

  it('ends its wait when it is aborted', async () => {
    const bench = aManagedBench();
    const id = await runningOne(bench);
    bench.fake.commands.course = [{ status: 'InProgress', statusDetails: 'InProgress' }];
    const abort = new AbortController();

    const call = set(bench, id, abort.signal);
    while (bench.fake.commands.history().length === 0) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();

    await expect(call).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining('cut short') });
  });
});
