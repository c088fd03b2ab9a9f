import { createHash, randomUUID } from 'node:crypto';
import type { Provider } from '@burstcell/provider';
import { Simulator } from '@burstcell/provider/simulator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConsoleTokens } from '../../src/console/tokens.js';
import type { HandlerTools, Incoming } from '../../src/fronts/cells-v1/handlers/handler.js';
import { connectConsole } from '../../src/fronts/cells-v1/handlers/questions.js';
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

  it('is one of the types that the gateway has, and none without a gateway', async () => {
    const uuid = await world.builtInstance();
    const ask = asking(withSerial(), 'ws://console.test/');

    for (const type of ['xvpvnc', 'spice-html5', 'rdp-html5', 'webmks', 'made-up']) {
      expect(await ask.connectConsole(uuid, type)).toBe('unsupported');
      expect(await ask.validateConsole(uuid, '80', type)).toBe('unsupported');
    }
    expect(ask.ownConsoleTypes).toEqual(['novnc', 'serial']);
    expect(asking(withSerial(), null).ownConsoleTypes).toEqual([]);
    expect(await asking(withSerial(), null).connectConsole(uuid, 'serial')).toBe('unsupported');
    expect(await asking(withSerial(), null).validateConsole(uuid, '80', 'serial')).toBe('unsupported');
  });

  it('is the provider’s where it has consoles of its own', async () => {
    const ask = asking(new Simulator({ cloud: world.cloud }), 'ws://console.test/');
    const uuid = await world.builtInstance();

    for (const type of ['serial', 'novnc']) {
      expect(await ask.connectConsole(uuid, type)).toMatchObject({ value: { host: 'console.simulated' } });
    }
    expect(ask.ownConsoleTypes).toEqual([]);
  });
});

describe('a console that the gateway has not', () => {
  it('is refused in nova’s words, with what there is instead', async () => {
    const uuid = await world.builtInstance();
    const refused = async (url: string | null) => {
      const tools = { ask: asking(withSerial(), url) } as HandlerTools;
      return connectConsole({ uuid, args: ['spice-html5'], kwargs: {} }, {} as Incoming, tools);
    };

    expect(await refused('wss://console.test/')).toMatchObject({
      failure: {
        className: 'ConsoleTypeUnavailable',
        message: 'Unavailable console type spice-html5. This server has: novnc, serial.',
        kwargs: { console_type: 'spice-html5', code: 400 },
      },
    });
    expect(await refused(null)).toMatchObject({ failure: { message: 'Unavailable console type spice-html5.' } });
  });
});

describe('the screen of an instance', () => {
  it('is a page at the gateway, with TLS where its web sockets have it', async () => {
    const uuid = await world.builtInstance();
    const places = ['wss://console.test/consoles', 'ws://console.test:6083/', 'WS://console.test'];

    const urls = await Promise.all(
      places.map(async (place) => {
        const asked = await asking(withSerial(), place).connectConsole(uuid, 'novnc');
        if (typeof asked !== 'object') throw new Error(asked);
        const { token, accessUrl, port } = asked.value;
        return [accessUrl.replace(token, 'TOKEN'), port];
      }),
    );

    expect(urls).toEqual([
      ['https://console.test/consoles?token=TOKEN', 443],
      ['http://console.test:6083/?token=TOKEN', 6083],
      ['http://console.test/?token=TOKEN', 80],
    ]);
  });

  it('holds for the type that was asked for, and no other', async () => {
    const ask = asking(withSerial(), 'wss://console.test/');
    const uuid = await world.builtInstance();
    await ask.connectConsole(uuid, 'novnc');

    expect(await ask.validateConsole(uuid, '443', 'novnc')).toEqual({ value: true });
    expect(await ask.validateConsole(uuid, '443', 'serial')).toEqual({ value: false });
    expect(await ask.validateConsole(uuid, '80', 'novnc')).toEqual({ value: false });
  });

  it('is there of a paused machine, which says nothing, and not of a stopped one', async () => {
    const ask = asking(withSerial(), 'wss://console.test/');
    const uuid = await world.builtInstance();
    await world.perform(uuid, 'pause');

    expect(await ask.connectConsole(uuid, 'novnc')).toMatchObject({ value: { host: 'console.test' } });
    expect(await ask.connectConsole(uuid, 'serial')).toBe('not-ready');
    await world.perform(uuid, 'unpause');
    await world.perform(uuid, 'stop');
    expect(await ask.connectConsole(uuid, 'novnc')).toBe('not-ready');
  });

  it('is there only where the provider takes pictures, and so is the serial console where it opens one', async () => {
    const uuid = await world.builtInstance();
    const lacking = (ability: 'screenshot' | 'openSerial') => {
      const provider = new Simulator({ cloud: world.cloud, abilities: { without: [...OWN_CONSOLES, ability] } });
      return asking(provider, 'wss://console.test/');
    };

    expect(await lacking('screenshot').connectConsole(uuid, 'novnc')).toBe('unsupported');
    expect(lacking('screenshot').ownConsoleTypes).toEqual(['serial']);
    expect(await lacking('openSerial').connectConsole(uuid, 'serial')).toBe('unsupported');
    expect(lacking('openSerial').ownConsoleTypes).toEqual(['novnc']);
  });
});
