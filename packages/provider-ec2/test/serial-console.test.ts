import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { type Provider, ProviderError } from '@burstcell/provider';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeEc2, type SerialServer, startSerialServer } from '../src/fake/index.js';
import { createEc2Provider, parseEc2Options } from '../src/index.js';
import { SERIAL_ENDPOINTS } from '../src/verbs/serial-endpoints.js';
import { aConfig, launchOne } from './builders.js';

const SERIAL = { region: 'eu-central-1', serial_console: 'yes' };
const ANOTHER_KEY = `SHA256:${'A'.repeat(43)}`;

let fake: FakeEc2;
let server: SerialServer;

beforeEach(async () => {
  fake = new FakeEc2({ delays: 0 });
  server = await startSerialServer(fake);
});
afterEach(async () => {
  await server.close();
  fake.reset();
});

function aProvider(fingerprint = server.fingerprint, port = server.port): Provider & Required<Pick<Provider, 'openSerial'>> {
  const serialConsole = { host: server.host, port, fingerprints: [ANOTHER_KEY, fingerprint] };
  return createEc2Provider(aConfig({ api: fake, serialConsole })) as ReturnType<typeof aProvider>;
}

async function aRunning(provider: Provider): Promise<string> {
  const id = await launchOne({ provider, fake, clock: undefined as never });
  while ((await provider.describe([id])).get(id)?.state !== 'running') await new Promise(setImmediate);
  return id;
}

async function seen(serial: Duplex, text: string): Promise<string> {
  let all = '';
  while (!all.includes(text)) all += String((await once(serial, 'data'))[0]);
  return all;
}

async function refusal(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProviderError) return error;
  throw new Error('a refusal was expected', { cause: error });
}

describe('the serial console', () => {
  it('is opened with a key of its own each time, and carries bytes both ways', async () => {
    const provider = aProvider();
    const [one, other] = [await aRunning(provider), await aRunning(provider)];
    const serial = await provider.openSerial(one);

    expect(await seen(serial, 'login: ')).toBe(`${one} login: `);
    serial.write('root\r');
    await seen(serial, 'root\r');
    (await provider.openSerial(other)).destroy();

    expect(fake.serialKey(one)).toMatch(/^ssh-ed25519 \S+ burstcell$/);
    expect(fake.serialKey(one)).not.toBe(fake.serialKey(other));
    serial.destroy();
  });

  it('ends when the other side does', async () => {
    const provider = aProvider();
    const serial = await provider.openSerial(await aRunning(provider));
    await seen(serial, 'login: ');
    const end = once(serial.resume(), 'end');

    await server.close();

    await end;
    server = await startSerialServer(fake);
  });

  it('is not opened at a host with another key, to which nothing is sent', async () => {
    const provider = aProvider(ANOTHER_KEY);
    const error = await refusal(provider.openSerial(await aRunning(provider)));

    expect(error.kind).toBe('unauthorized');
    expect(error.message).toContain(server.fingerprint);
    expect(error.userMessage).toContain('impostor');
    expect(server.attempts()).toBe(0);
  });

  it('is unavailable where nobody answers', async () => {
    const provider = aProvider();
    const id = await aRunning(provider);
    await server.close();

    const error = await refusal(provider.openSerial(id));
    server = await startSerialServer(fake);

    expect([error.kind, error.userMessage]).toEqual(['unavailable', expect.stringContaining('could not be reached')]);
  });

  it('refuses a second session while EC2’s end is taken', async () => {
    const provider = aProvider();
    const id = await aRunning(provider);
    const serial = await provider.openSerial(id);

    expect((await refusal(provider.openSerial(id))).kind).toBe('unavailable');
    serial.destroy();
  });

  it.each([
    ['SerialConsoleAccessDisabledException', 'unauthorized', 'does not let this cell open serial consoles'],
    ['EC2InstanceTypeInvalidException', 'unsupported', 'of this flavor have no serial console'],
    ['SerialConsoleSessionUnsupportedException', 'unsupported', 'of this flavor have no serial console'],
    ['SerialConsoleSessionLimitExceededException', 'conflict', 'Somebody else is at this console'],
    ['EC2InstanceStateInvalidException', 'conflict', 'while it does not run'],
    ['AccessDeniedException', 'unauthorized', 'ask your cloud operator'],
  ])('tells %s as %s', async (code, kind, words) => {
    const provider = aProvider();
    const id = await aRunning(provider);
    fake.inject({ action: 'SendSerialConsoleSSHPublicKey', code, when: 'before', times: 1 });

    const error = await refusal(provider.openSerial(id));

    expect([error.kind, error.userMessage]).toEqual([kind, expect.stringContaining(words)]);
  });

  it('is given up when nobody waits any more', async () => {
    const provider = aProvider();
    const id = await aRunning(provider);
    const controller = new AbortController();
    const opening = provider.openSerial(id, { signal: controller.signal });

    controller.abort();

    expect((await refusal(opening)).kind).toBe('unavailable');
  });
});

describe('the option serial_console', () => {
  it('is off unless it is set, and then there is no such ability', () => {
    expect(parseEc2Options({ region: 'eu-central-1' }).serialConsole).toBeUndefined();
    expect(createEc2Provider(aConfig({ api: fake })).openSerial).toBeUndefined();
  });

  it('trusts what AWS publishes for the region, unless told otherwise', () => {
    expect(parseEc2Options(SERIAL).serialConsole).toEqual({
      host: 'serial-console.ec2-instance-connect.eu-central-1.aws',
      port: 22,
      fingerprints: ['SHA256:aCMFS/yIcOdOlkXvOl8AmZ1Toe+bBnrJJ3Fy0k0De2c'],
    });
    const told = { serial_console_endpoint: 'consoles.example.org:2222', serial_console_fingerprints: ANOTHER_KEY };
    expect(parseEc2Options({ ...SERIAL, ...told }).serialConsole).toEqual({
      host: 'consoles.example.org',
      port: 2222,
      fingerprints: [ANOTHER_KEY],
    });
  });

  it('knows a key of its own for every region', () => {
    const fingerprints = Object.values(SERIAL_ENDPOINTS).map(({ fingerprint }) => fingerprint);

    expect(fingerprints.filter((one) => !/^SHA256:[A-Za-z0-9+/]{43}$/.test(one))).toEqual([]);
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
    for (const region of Object.keys(SERIAL_ENDPOINTS)) {
      expect(parseEc2Options({ region, serial_console: 'true' }).serialConsole?.host).toContain(region);
    }
  });
});
