import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Simulator } from '@burstcell/provider/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { register } from 'prom-client';
import { WebSocket } from 'ws';
import { Cell } from '../../src/cell.js';
import { loadConfig } from '../../src/config/config.js';
import type { Front, FrontParts } from '../../src/front.js';
import type { AskProvider } from '../../src/operations/ask-provider.js';
import { World } from '../operations/world.js';
import { freePort } from '../parent/free-port.js';
import { Client, Lines, OWN_CONSOLES } from './bed.js';

let world: World;
let folder: string;

beforeAll(async () => {
  world = await World.make();
  folder = mkdtempSync(join(tmpdir(), 'burstcell-console-'));
});
// Counters belong to a process, and each cell registers its own.
beforeEach(() => register.clear());
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

describe('a cell with [console] listen', () => {
  it('says so where its provider leaves it nothing to serve', async () => {
    const { lines } = aCell(
      await freePort(),
      new Simulator({ abilities: { without: [...OWN_CONSOLES, 'openSerial', 'screenshot'] } }),
    );

    expect(lines.texts.join()).toContain('there is no gateway');
  });

  it('answers with a URL that leads to the machine, and tells its users when it goes down', async () => {
    const uuid = await world.builtInstance();
    const { cell, asked } = aCell(await freePort(), new Simulator({ cloud: world.cloud, abilities: { without: OWN_CONSOLES } }));
    await cell.start();

    const answer = await asked().connectConsole(uuid, 'serial');
    if (typeof answer !== 'object') throw new Error(answer);
    const client = new Client(new WebSocket(answer.value.accessUrl, ['binary']));
    await client.sees('login: ');
    expect(await asked().validateConsole(uuid, String(answer.value.port), 'serial')).toEqual({ value: true });
    const screen = await asked().connectConsole(uuid, 'novnc');
    if (typeof screen !== 'object') throw new Error(screen);
    expect(await (await fetch(screen.value.accessUrl)).text()).toContain('data-views="screen terminal"');
    await cell.stop();

    expect(await client.closed).toMatchObject({ code: 1001 });
  });
});

/** Under a front that does nothing but keep what it may ask. */
function aCell(port: number, provider: Simulator) {
  const file = join(folder, 'cell.conf');
  const text = '[DEFAULT]\ntransport_url = rabbit://b/\n[database]\nconnection = postgresql://d/\n';
  writeFileSync(file, `${text}[console]\nlisten = 127.0.0.1:${port}\n`);
  const lines = new Lines();
  let ask: AskProvider | undefined;
  const makeFront = (parts: FrontParts): Front => {
    ask = parts.ask;
    const nothing = async () => undefined;
    const front = { link: {}, capacityChanged: () => undefined, start: nothing, stopListening: nothing, close: nothing };
    return front as unknown as Front;
  };
  const config = loadConfig([file], []);
  const { store } = world;
  const facts = { capabilities: {}, volumeMap: {}, databaseSince: new Date() };
  const cell = new Cell({ config, store, provider, ...facts, makeFront, log: lines.log });
  const asked = () => {
    if (ask === undefined) throw new Error('the front was given nothing to ask');
    return ask;
  };
  return { cell, lines, asked };
}
