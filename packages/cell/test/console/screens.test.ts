import { describe, expect, it, jest } from '@jest/globals';
import type { WebSocket } from 'ws';
import { type Client, SCREEN } from './bed.js';
import { Beds } from './beds.js';

const PNG_BEGINS = [0x89, 0x50, 0x4e, 0x47];

const here = Beds.ofThisFile();
const { aBed } = here;

interface Seen {
  readonly server: { readonly name: string; readonly state: string };
  readonly picture: string | null;
  readonly takenAt: string | null;
  readonly reason: string | null;
  readonly image?: Buffer;
}

/** Says something and resolves with the answer; rejects when the gateway hangs up instead. */
async function look({ socket, closed }: Client, word = 'look'): Promise<Seen> {
  if (socket.readyState === socket.CONNECTING) await new Promise((resolve) => socket.once('open', resolve));
  const answer = new Promise<Seen>((resolve) => listen(socket, resolve));
  socket.send(word);
  return Promise.race([answer, closed.then(({ code, reason }) => Promise.reject(new Error(`closed: ${code} ${reason}`)))]);
}

function listen(socket: WebSocket, resolve: (seen: Seen) => void): void {
  let told: Seen | undefined;
  const hear = (data: Buffer, isBinary: boolean) => {
    if (!isBinary) told = JSON.parse(String(data)) as Seen;
    if (told === undefined || (told.picture !== null && !isBinary)) return;
    socket.off('message', hear);
    resolve(isBinary ? { ...told, image: data } : told);
  };
  socket.on('message', hear);
}

describe('a screen', () => {
  it('comes as a picture with what is known of its server, as often as it is asked for', async () => {
    const bed = await aBed();
    const client = await bed.connect(await bed.instance(), [SCREEN]);

    const first = await look(client);

    expect(client.socket.protocol).toBe(SCREEN);
    expect(first).toMatchObject({ server: { name: 'web', state: 'active' }, picture: 'image/png', reason: null });
    expect([...(first.image ?? Buffer.alloc(0)).subarray(0, 4)]).toEqual(PNG_BEGINS);
    expect((await look(client)).takenAt).toBe(first.takenAt);
  });

  it('is asked of the cloud once for several who watch it', async () => {
    const bed = await aBed();
    const uuid = await bed.instance();
    const before = here.world.cloud.counts.screenshot ?? 0;
    const clients = await Promise.all(Array.from({ length: 5 }, () => bed.connect(uuid, [SCREEN])));

    await Promise.all(clients.map((client) => look(client)));

    expect((here.world.cloud.counts.screenshot ?? 0) - before).toBe(1);
    await look(clients[0] as Client, 'wake');
    expect((here.world.cloud.counts.screenshot ?? 0) - before).toBe(2);
  });

  it('is not read from the database faster than anybody can look', async () => {
    const bed = await aBed();
    const client = await bed.connect(await bed.instance(), [SCREEN]);
    await look(client);
    const [begun, reads] = [performance.now(), jest.spyOn(here.world.store.instances, 'views')];

    client.socket.send('look');
    for (let looks = 0; looks < 3; looks += 1) await look(client);

    expect(performance.now() - begun).toBeGreaterThan(700);
    expect(reads.mock.calls.length).toBeLessThanOrEqual(4);
    reads.mockRestore();
  });

  it('is dark while the server does not run, and says so without asking the cloud; then it is lit again', async () => {
    const bed = await aBed();
    const uuid = await bed.instance();
    const client = await bed.connect(uuid, [SCREEN]);
    await here.world.perform(uuid, 'stop');
    const before = here.world.cloud.counts.screenshot ?? 0;

    expect(await look(client)).toMatchObject({
      server: { state: 'stopped' },
      picture: null,
      reason: expect.stringMatching(/does not run/),
    });
    expect(here.world.cloud.counts.screenshot ?? 0).toBe(before);
    await here.world.perform(uuid, 'start');
    expect(await look(client)).toMatchObject({ server: { state: 'active' }, picture: 'image/png' });
  });

  it('says in the cloud’s words why there is no picture now, and stays', async () => {
    const bed = await aBed();
    const client = await bed.connect(await bed.instance(), [SCREEN]);
    here.world.cloud.fault({ on: 'screenshot', when: 'before', error: 'throttled' });

    expect(await look(client)).toMatchObject({ picture: null, reason: expect.stringMatching(/.{10}/) });
    expect(await look(client, 'wake')).toMatchObject({ picture: 'image/png', reason: null });
  });

  it('is hung up on where there never will be a picture, and when the server is deleted', async () => {
    const bed = await aBed();
    const [uuid, doomed] = [await bed.instance(), await bed.instance()];
    const clients = [await bed.connect(uuid, [SCREEN]), await bed.connect(doomed, [SCREEN])] as const;
    here.world.cloud.fault({ on: 'screenshot', when: 'before', error: 'unsupported' });

    await expect(look(clients[0])).rejects.toThrow('closed: 1011');
    await look(clients[1]);
    await here.world.perform(doomed, 'delete');
    await expect(look(clients[1])).rejects.toThrow('closed: 1008 The server is deleted.');
  });

  it('is closed when nobody has looked for long', async () => {
    const bed = await aBed({ idleTimeoutMs: 50 });
    const client = await bed.connect(await bed.instance(), [SCREEN]);

    expect(await client.closed).toEqual({ code: 1000, reason: expect.stringContaining('nothing happened') });
    expect(client.screen).toBe('');
  });

  it('is left when the gateway goes down, also in the middle of a look', async () => {
    const bed = await aBed();
    const client = await bed.connect(await bed.instance(), [SCREEN]);
    await look(client);
    client.socket.send('look');

    await bed.gateway.stop();

    expect(await client.closed).toMatchObject({ code: 1001 });
  });
});

describe('a token', () => {
  it('for the serial console shows no screen', async () => {
    const bed = await aBed();
    const { token } = await bed.gateway.tokens.issue(await bed.instance(), 'serial');

    const { code, reason } = await bed.connectWith(token, [SCREEN]).closed;

    expect([code, reason]).toEqual([1008, expect.stringContaining('opens no screen')]);
  });

  it('for the screen opens the serial console too, but only where that is offered', async () => {
    const [bed, without] = [await aBed(), await aBed({}, ['openSerial'])];
    const { token } = await bed.gateway.tokens.issue(await bed.instance(), 'novnc');

    await bed.connectWith(token).sees('login: ');
    const { code, reason } = await without.connectWith(token).closed;

    expect([code, reason]).toEqual([1008, expect.stringContaining('opens no terminal')]);
  });

  it('that is unknown or has expired shows no screen', async () => {
    const expired = await aBed({ tokenTtlMs: -5_000 });

    expect(await expired.connectWith('made-up', [SCREEN]).closed).toMatchObject({ code: 1008 });
    expect(await (await expired.connect(await expired.instance(), [SCREEN])).closed).toMatchObject({ code: 1008 });
  });

  it('lets ten watch beside those who type, and no more', async () => {
    const bed = await aBed({ maxConnections: 20, maxPerInstance: 1 });
    const uuid = await bed.instance();
    await (await bed.connect(uuid)).sees('login: ');
    const watchers = await Promise.all(Array.from({ length: 10 }, () => bed.connect(uuid, [SCREEN])));
    for (const watcher of watchers) await look(watcher);

    expect(await (await bed.connect(uuid, [SCREEN])).closed).toMatchObject({ code: 1013 });
  });
});
