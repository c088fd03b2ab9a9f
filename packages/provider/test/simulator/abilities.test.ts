import { text } from 'node:stream/consumers';
import { SimulatedCloud, Simulator } from '@burstcell/provider/simulator';
import { describe, expect, it } from '@jest/globals';
import { able, aSlowCloud, launched, running, stateOf } from './builders.js';

const TEN_MINUTES_MS = 10 * 60_000;

describe('a simulator without chosen abilities', () => {
  it('has not got their methods, and has the others', () => {
    const simulator = new Simulator({ abilities: { without: ['pause', 'consoleOutput'] } });

    expect(simulator.pause).toBeUndefined();
    expect('consoleOutput' in simulator).toBe(false);
    expect(simulator.unpause).toBeInstanceOf(Function);
  });

  it('shares its cloud with one that has them', async () => {
    const cloud = new SimulatedCloud();
    const bare = new Simulator({ cloud, abilities: { without: ['pause'] } });
    const machine = await launched(bare);

    await able(new Simulator({ cloud })).pause(machine.providerId);

    expect(await stateOf(bare, machine)).toBe('paused');
  });
});

describe('an ability', () => {
  it('passes the same gate as every verb: faults, counting, closing', async () => {
    const cloud = new SimulatedCloud();
    const provider = able(new Simulator({ cloud }));
    const machine = await launched(provider);
    cloud.fault({ on: 'pause', when: 'after', error: 'throttled' });

    await expect(provider.pause(machine.providerId)).rejects.toMatchObject({ kind: 'throttled' });
    expect(await stateOf(provider, machine)).toBe('paused');
    expect(cloud.counts.pause).toBe(1);

    await provider.close();
    await expect(provider.unpause(machine.providerId)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('a password', () => {
  it('is counted and never kept', async () => {
    const cloud = new SimulatedCloud();
    const provider = able(new Simulator({ cloud }));
    const { providerId } = await launched(provider);

    await provider.setPassword(providerId, 'correct-horse');
    await provider.setPassword(providerId, 'battery-staple');

    expect(cloud.snapshot()).toMatchObject([{ passwordChanges: 2 }]);
    expect(JSON.stringify(cloud.snapshot())).not.toMatch(/horse|staple/);
  });
});

describe('labels', () => {
  it('are those given last, as they were when they were given', async () => {
    const cloud = new SimulatedCloud();
    const provider = able(new Simulator({ cloud }));
    const { providerId } = await launched(provider);
    const metadata: Record<string, string> = { role: 'db' };

    await provider.label(providerId, { displayName: 'db-1', metadata: {} });
    await provider.label(providerId, { displayName: 'db-2', metadata });
    metadata.role = 'changed later';

    expect(cloud.snapshot()).toMatchObject([{ labels: { displayName: 'db-2', metadata: { role: 'db' } } }]);
  });
});

describe('figures', () => {
  it('count traffic since a time, on the first interface', async () => {
    const world = aSlowCloud();
    const { providerId, nics } = await running(world);
    world.cloud.addTraffic(providerId, { bytesIn: 1, bytesOut: 2 });
    world.clock.advance(1_000);
    const since = new Date(world.clock.now());
    world.cloud.addTraffic(providerId, { bytesIn: 10, bytesOut: 20 });

    const counted = (await world.provider.bandwidth([providerId], since)).get(providerId);

    expect(counted).toEqual([{ mac: nics[0]?.mac, bytesIn: 10, bytesOut: 20 }]);
    expect((await world.provider.diagnostics(providerId)).nics).toMatchObject([{ rxBytes: 11, txBytes: 22 }]);
  });

  it('say how long a machine has been up since its last boot, and nothing of one that is down', async () => {
    const world = aSlowCloud({ bootMs: 0, stopMs: 0 });
    const { providerId } = await running(world);
    await world.provider.reboot(providerId);
    world.clock.advance(5_000);

    expect(await world.provider.diagnostics(providerId)).toMatchObject({ state: 'running', uptimeSeconds: 5, memoryMb: 2048 });
    await world.provider.stop(providerId);
    expect(await world.provider.diagnostics(providerId)).toMatchObject({ state: 'shutdown', uptimeSeconds: null });
  });
});

describe('a console', () => {
  it('may be used for ten minutes after it was handed out', async () => {
    const world = aSlowCloud();
    const { providerId } = await running(world);
    const { port } = await world.provider.connectConsole(providerId, 'serial');
    const isValid = () => world.provider.validateConsole(providerId, String(port), 'serial');

    world.clock.advance(TEN_MINUTES_MS - 1);
    expect(await isValid()).toBe(true);
    world.clock.advance(1);
    expect(await isValid()).toBe(false);
  });

  it('has a port of its own per machine and type', async () => {
    const world = aSlowCloud();
    const machines = [await running(world), await running(world)];
    const types = ['novnc', 'spice-html5', 'rdp-html5', 'serial'] as const;

    const ports = await Promise.all(
      machines.flatMap(({ providerId }) =>
        types.map(async (type) => (await world.provider.connectConsole(providerId, type)).port),
      ),
    );

    expect(new Set(ports).size).toBe(8);
  });
});

describe('the screen', () => {
  it('is a picture that changes with the machine, and with time', async () => {
    const world = aSlowCloud();
    const { providerId } = await running(world);
    const picture = async () => Buffer.from((await world.provider.screenshot(providerId)).image).toString('base64');
    const first = await picture();

    expect(await picture()).toBe(first);
    world.clock.advance(1_000);
    const later = await picture();
    await world.provider.pause(providerId);

    expect(new Set([first, later, await picture()]).size).toBe(3);
  });
});

describe('the serial console', () => {
  it('greets, says back what it is told, and takes one at a time', async () => {
    const world = aSlowCloud();
    const { providerId } = await running(world);
    const serial = await world.provider.openSerial(providerId);

    await expect(world.provider.openSerial(providerId)).rejects.toMatchObject({ kind: 'conflict' });
    serial.end('ls');

    expect(await text(serial)).toBe(`${providerId} login: ls`);
    (await world.provider.openSerial(providerId)).destroy();
  });
});
