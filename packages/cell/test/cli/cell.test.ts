import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CliWorld, MINIMUM } from './support.js';

const PARENT =
  '--name api --cell_type parent --username nova --password p@ss/word --hostname 10.0.0.2 --virtual_host / --woffset 1 --wscale 1'.split(
    ' ',
  );

describe('burstcell cell', () => {
  let world: CliWorld;
  beforeEach(() => {
    world = new CliWorld();
  });
  afterEach(() => world.dispose());

  it('makes a parent known with the flags of nova-manage, and lets the database go', async () => {
    const { exitCode, out } = await world.run('cell', 'create', ...PARENT);

    expect({ exitCode, out }).toEqual({ exitCode: 0, out: 'cell api is known' });
    expect(world.cells).toEqual([
      {
        id: 1,
        name: 'api',
        api_url: null,
        transport_url: 'rabbit://nova:p%40ss%2Fword@10.0.0.2:5672//',
        weight_offset: 1,
        weight_scale: 1,
        is_parent: true,
      },
    ]);
    expect(world.opened).toEqual(['postgresql://burstcell@db/burstcell']);
    expect(world.closed).toBe(1);
  });

  it('takes several broker hosts, and reads a password from standard input', async () => {
    world.input = 'from-stdin\n';

    await world.run(
      'cell',
      'create',
      '--name',
      'low',
      '--cell_type',
      'compute',
      '--username',
      'u',
      '--password',
      '-',
      '--broker_hosts',
      'mq1:5672,[::1]:5673',
    );

    expect(world.cells[0]).toMatchObject({
      transport_url: 'rabbit://u:from-stdin@mq1:5672,u:from-stdin@[::1]:5673//',
      is_parent: false,
    });
  });

  it('lists neighbours without their passwords', async () => {
    await world.run('cell', 'create', ...PARENT);

    const { out } = await world.run('cell', 'list');

    expect(out).toMatch(/1 .*api .*parent .*nova .*10\.0\.0\.2:5672 .*\/ /);
    expect(out).not.toMatch(/p@ss|p%40ss/);
  });

  it('forgets a neighbour, and says so when there is none', async () => {
    await world.run('cell', 'create', ...PARENT);

    expect((await world.run('cell', 'delete', '--cell_name', 'api')).exitCode).toBe(0);
    expect(await world.run('cell', 'delete', '--cell_name', 'api')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('there is no cell api'),
    });
  });

  it('refuses a name that is taken, in one line and with a remedy', async () => {
    await world.run('cell', 'create', ...PARENT);

    expect(await world.run('cell', 'create', ...PARENT)).toMatchObject({
      exitCode: 1,
      err: 'burstcell: a cell api exists\n  Choose another name, or delete the old one first.',
    });
  });

  it.each([
    ['a name with a path separator', ['--name', 'a!b'], 'It must not hold !, @ or spaces.'],
    ['a port that is none', ['--port', '70000'], 'It must be a number from 1 to 65535.'],
    ['a weight that is none', ['--wscale', 'much'], 'It must be a number.'],
    ['a type nova does not know', ['--cell_type', 'node'], 'Allowed choices are parent, api, child, compute.'],
    ['a host list without hosts', ['--broker_hosts', ':,'], 'It must be host:port,host:port.'],
  ])('refuses %s before it touches the database', async (_what, flags, message) => {
    const { exitCode, err } = await world.run('cell', 'create', ...PARENT, ...flags);

    expect(exitCode).toBe(2);
    expect(err).toContain(message);
    expect(world.opened).toEqual([]);
  });

  it('refuses to change cells that stand in a file', async () => {
    world.dispose();
    world = new CliWorld(`${MINIMUM}cells_config = /etc/burstcell/cells.json\n`);

    expect(await world.run('cell', 'create', ...PARENT)).toMatchObject({
      exitCode: 2,
      err: 'burstcell: cells cannot be changed: [cells] cells_config is set\n  See or edit /etc/burstcell/cells.json.',
    });
  });
});
