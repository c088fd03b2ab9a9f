import { createHash, randomUUID } from 'node:crypto';
import type { Provider } from '@burstcell/provider';
import { Simulator } from '@burstcell/provider/simulator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConsoleTokens } from '../../src/console/tokens.js';
import { makeAskProvider } from '../../src/operations/ask-provider.js';
import { silentLog } from '../fronts/tools.js';
import { World } from '../operations/world.js';
import { OWN_CONSOLES } from './bed.js';

let world: World;

beforeAll(async () => {
  world = await World.make();
});
afterAll(() => world.close());

const TTL_MS = 600_000;

function asking(provider: Provider, url: string | null) {
  const { store } = world;
  const consoles = url === null ? undefined : new ConsoleTokens(store, url, TTL_MS);
  return makeAskProvider({ store, provider, log: silentLog, consoles });
}

const withSerial = () => new Simulator({ cloud: world.cloud, abilities: { without: OWN_CONSOLES } });

describe('the serial console of an instance', () => {
  it('is at the gateway, under a token of its own each time', async () => {
    const ask = asking(withSerial(), 'wss://console.test/serial');
    const uuid = await world.builtInstance();

    const [one, other] = [await ask.connectConsole(uuid, 'serial'), await ask.connectConsole(uuid, 'serial')];

    const token = expect.stringMatching(/^[\w-]{43}$/);
    expect(one).toEqual({
      value: { token, accessUrl: expect.any(String), host: 'console.test', port: 443, internalAccessPath: null },
    });
    if (typeof one !== 'object' || typeof other !== 'object') throw new Error('there is no answer');
    expect(one.value.accessUrl).toBe(`wss://console.test/serial?token=${one.value.token}`);
    expect(other.value.token).not.toBe(one.value.token);
    const hash = createHash('sha256').update(one.value.token).digest('hex');
    expect(await world.store.consoleTokens.find(hash)).toEqual({ instanceUuid: uuid, consoleType: 'serial' });
  });

  it('holds for the port it was handed out with, and for no other instance', async () => {
    const ask = asking(withSerial(), 'ws://console.test:6083');
    const [uuid, other] = [await world.builtInstance(), await world.builtInstance()];
    await ask.connectConsole(uuid, 'serial');

    expect(await ask.validateConsole(uuid, '6083', 'serial')).toEqual({ value: true });
    expect(await ask.validateConsole(uuid, '6084', 'serial')).toEqual({ value: false });
    expect(await ask.validateConsole(uuid, 'no port', 'serial')).toEqual({ value: false });
    expect(await ask.validateConsole(other, '6083', 'serial')).toEqual({ value: false });
  });

  it('is not ready while the machine does not run, and unknown where there is no instance', async () => {
    const ask = asking(withSerial(), 'ws://console.test/');
    const uuid = await world.builtInstance();
    await world.perform(uuid, 'stop');

    expect(await ask.connectConsole(uuid, 'serial')).toBe('not-ready');
    expect(await ask.connectConsole(randomUUID(), 'serial')).toBe('unknown');
  });

  it('is the only type that the gateway has, and none without a gateway', async () => {
    const uuid = await world.builtInstance();

    expect(await asking(withSerial(), 'ws://console.test/').connectConsole(uuid, 'novnc')).toBe('unsupported');
    expect(await asking(withSerial(), null).connectConsole(uuid, 'serial')).toBe('unsupported');
    expect(await asking(withSerial(), null).validateConsole(uuid, '80', 'serial')).toBe('unsupported');
  });

  it('is the provider’s where it has consoles of its own', async () => {
    const ask = asking(new Simulator({ cloud: world.cloud }), 'ws://console.test/');
    const uuid = await world.builtInstance();

    const asked = await ask.connectConsole(uuid, 'serial');

    expect(asked).toMatchObject({ value: { host: 'console.simulated' } });
  });
});
