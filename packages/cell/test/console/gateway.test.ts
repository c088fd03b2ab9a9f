import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GatewayBed } from './bed.js';
import { Beds } from './beds.js';
import { CERT, KEY } from './certificate.js';

const here = Beds.ofThisFile();
const { aBed } = here;

describe('a console', () => {
  it('carries what the machine says and what the user types, in text or binary messages', async () => {
    const bed = await aBed();
    const client = await bed.connect(await bed.instance());

    await client.sees('login: ');
    await client.type('root');
    await client.sees('root');
    client.socket.send(Buffer.from([0x1b, 0x5b]));
    await client.sees('\x1b[');

    expect(client.socket.protocol).toBe('binary');
  });

  it('opens for a token of another replica, as often as its URL is followed', async () => {
    const [one, other] = [await aBed(), await aBed()];
    const { token } = await one.gateway.tokens.issue(await one.instance(), 'serial');

    for (const bed of [one, other]) {
      const client = bed.connectWith(token);
      await client.sees('login: ');
      await client.leave();
      await left(bed);
    }
  });

  it('is ended at the machine when its user leaves, so that the next one can have it', async () => {
    const bed = await aBed({ maxPerInstance: 1 });
    const uuid = await bed.instance();
    const first = await bed.connect(uuid);
    await first.sees('login: ');
    await first.leave();
    await left(bed);

    await (await bed.connect(uuid)).sees('login: ');
  });

  it('is closed when nothing happens in it, and says so', async () => {
    const bed = await aBed({ idleTimeoutMs: 50 });
    const client = await bed.connect(await bed.instance());

    expect(await client.closed).toEqual({ code: 1000, reason: expect.stringContaining('nothing happened') });
    expect(client.screen).toContain('nothing happened');
  });

  it('is served with TLS where there is a certificate', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'burstcell-console-'));
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await Promise.all([writeFile(cert, CERT), writeFile(key, KEY)]);
    const bed = await aBed({ cert, key });
    await rm(folder, { recursive: true });

    await (await bed.connect(await bed.instance())).sees('login: ');
  });
});

describe('a console is refused', () => {
  it('without a token that is known, and the log does not tell the token', async () => {
    const bed = await aBed();

    for (const token of ['', 'made-up-token']) {
      expect(await bed.connectWith(token).closed).toEqual({
        code: 1008,
        reason: expect.stringContaining('unknown or has expired'),
      });
    }
    expect(bed.lines.texts.join()).toContain('console refused');
    expect(bed.lines.texts.join()).not.toContain('made-up-token');
  });

  it('with a token that has expired, or whose instance is deleted', async () => {
    const bed = await aBed({ tokenTtlMs: -5_000 });
    const lasting = await aBed();
    const uuid = await bed.instance();
    const { token } = await lasting.gateway.tokens.issue(uuid, 'serial');

    expect(await (await bed.connect(uuid)).closed).toMatchObject({ code: 1008 });
    await here.world.perform(uuid, 'delete');
    expect(await lasting.connectWith(token).closed).toMatchObject({ code: 1008 });
  });

  it('to more than may be at one instance', async () => {
    const bed = await aBed({ maxPerInstance: 1 });
    const uuid = await bed.instance();
    await (await bed.connect(uuid)).sees('login: ');

    expect(await (await bed.connect(uuid)).closed).toEqual({ code: 1013, reason: expect.stringContaining('at this console') });
  });

  it('to more than may be here in all', async () => {
    const bed = await aBed({ maxConnections: 1 });
    await (await bed.connect(await bed.instance())).sees('login: ');

    expect(await (await bed.connect(await bed.instance())).closed).toEqual({
      code: 1013,
      reason: expect.stringContaining('Too many consoles'),
    });
  });

  it('with the cloud’s own words when the cloud refuses it', async () => {
    const bed = await aBed();
    const uuid = await bed.instance();
    await (await bed.connect(uuid)).sees('login: ');

    const second = await bed.connect(uuid);

    expect(await second.closed).toEqual({ code: 1013, reason: expect.stringContaining('Somebody else is at this console') });
    expect(second.screen).toContain('Somebody else is at this console');
  });
});

describe('a gateway that cannot listen', () => {
  it('says where, and what to do', async () => {
    const { port } = new URL((await aBed()).httpUrl);

    await expect(new GatewayBed(here.world, { port: Number(port) }).start()).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining(`127.0.0.1:${port} (EADDRINUSE)`),
    });
  });

  it('says which file it cannot read', () => {
    expect(() => new GatewayBed(here.world, { cert: '/nowhere/c.pem', key: '/nowhere/k.pem' })).toThrow(/cert: .*ENOENT/);
  });
});

describe('a gateway that goes down', () => {
  it('tells its users, and leaves the machines’ consoles free', async () => {
    const bed = await aBed();
    const uuid = await bed.instance();
    const client = await bed.connect(uuid);
    await client.sees('login: ');

    await bed.gateway.stop();

    expect(await client.closed).toMatchObject({ code: 1001 });
    await (await (await aBed()).connect(uuid)).sees('login: ');
  });
});

/** Resolves once the gateway has noticed that a user left. */
async function left({ lines }: GatewayBed): Promise<void> {
  while (!lines.texts.some((text) => text.startsWith('console closed'))) await new Promise(setImmediate);
}
