import { describe, expect, it } from '@jest/globals';
import { defaultRegion } from '../src/fake/index.js';
import { WindowsGuest } from '../src/fake/windows-guest.js';
import { aBench, type Bench, runningOne, whileTimePasses } from './builders.js';

const PASSWORD = "pä'ss; Remove-Item C:\\ -Recurse $(whoami)";

interface Windows extends Bench {
  readonly id: string;
  readonly guest: WindowsGuest;
}

/** A Windows server whose guest runs what Systems Manager sends it. */
async function aWindows(): Promise<Windows> {
  const [image, ...images] = defaultRegion.images;
  if (image === undefined) throw new Error('the fake has no image');
  const bench = aBench({ setPassword: 'ssm' }, { region: { images: [{ ...image, platform: 'windows' }, ...images] } });
  const id = await runningOne(bench);
  const guest = new WindowsGuest();
  bench.fake.commands.guests.set(id, guest);
  return { ...bench, id, guest };
}

function set({ provider, clock, id }: Windows, password = PASSWORD): Promise<void> {
  return whileTimePasses(clock, provider.setPassword?.(id, password) ?? Promise.reject(new Error('absent')));
}

describe('set-password on Windows', () => {
  it('sets the Administrator’s password, and leaves no key in the guest', async () => {
    const windows = await aWindows();

    await set(windows);

    expect(windows.guest.password).toBe(PASSWORD);
    expect(windows.guest.containers).toEqual([]);
    const [make, decrypt, ...others] = windows.fake.commands.history();
    expect(others).toEqual([]);
    expect([make?.document, decrypt?.document]).toEqual(['AWS-RunPowerShellScript', 'AWS-RunPowerShellScript']);
    expect(decrypt?.commands.join('\n')).toContain("-like 'S-1-5-21-*-500'");
  });

  it('leaves nothing in the command history that tells the password, not even twice the same', async () => {
    const windows = await aWindows();

    await set(windows);
    await set(windows);

    const history = JSON.stringify(windows.fake.commands.history());
    const forms = [PASSWORD, 'Remove-Item C', Buffer.from(PASSWORD).toString('base64'), Buffer.from(PASSWORD).toString('hex')];
    for (const form of forms) expect(history).not.toContain(form);
    const ciphertexts = [...history.matchAll(/FromBase64String\('([^']+)'\)/g)].map(([, text]) => text);
    expect(new Set(ciphertexts).size).toBe(2);
    const containers = [...history.matchAll(/KeyContainerName = '([^']+)'/g)].map(([, name]) => name);
    expect(new Set(containers).size).toBe(2);
  });

  it('comes through when it is repeated after the answer to a command was lost', async () => {
    const windows = await aWindows();
    windows.fake.inject({ action: 'SendCommand', code: 'InternalError', when: 'after' });

    await expect(set(windows)).rejects.toMatchObject({ kind: 'unavailable' });
    await set(windows);

    expect(windows.guest.password).toBe(PASSWORD);
  });

  it.each([
    ['Failed', 'Failed', 'unsupported', /refused the new password/],
    ['TimedOut', 'DeliveryTimedOut', 'unavailable', /in time/],
  ] as const)('whose first command ends as %s (%s) is %s, and the password is never sent', async (...row) => {
    const [status, statusDetails, kind, says] = row;
    const windows = await aWindows();
    windows.fake.commands.course = [{ status, statusDetails }];

    await expect(set(windows)).rejects.toMatchObject({ kind, userMessage: expect.stringMatching(says) });

    expect(windows.fake.commands.history()).toHaveLength(1);
    expect(windows.guest.password).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['no key', '<RSAKeyValue><Modulus>AA==</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>'],
  ])('is refused where the guest answers with %s', async (_what, output) => {
    const windows = await aWindows();
    windows.guest.run = () => output;

    await expect(set(windows)).rejects.toMatchObject({ kind: 'unsupported' });
    expect(windows.fake.commands.history()).toHaveLength(1);
  });

  it('is refused where the guest has lost the key', async () => {
    const windows = await aWindows();
    const run = windows.guest.run.bind(windows.guest);
    windows.guest.run = (script) => run(script.replace(/burstcell-\w+/, script.includes('Decrypt') ? 'gone' : '$&'));

    await expect(set(windows)).rejects.toMatchObject({ kind: 'unsupported' });
    expect(windows.guest.password).toBeNull();
  });

  it('takes as long a password as its key can, and says so of a longer one before anything is sent', async () => {
    const windows = await aWindows();

    await expect(set(windows, 'x'.repeat(215))).rejects.toMatchObject({
      kind: 'invalid',
      userMessage: expect.stringContaining('at most 214 bytes'),
    });
    expect(windows.fake.commands.history()).toEqual([]);
    await set(windows, 'x'.repeat(214));
    expect(windows.guest.password).toHaveLength(214);
  });
});
