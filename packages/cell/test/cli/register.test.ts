import { RELEASES } from '@burstcell/wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { releaseNames } from '../../src/config/releases.js';
import { CliWorld, MINIMUM } from './support.js';

describe('burstcell register', () => {
  let world: CliWorld;
  beforeEach(() => {
    world = new CliWorld();
  });
  afterEach(() => world.dispose());

  it("prints the parent's nova.conf lines, its command and the file that may take the table's place", async () => {
    const { exitCode, out } = await world.run('register', '--release', 'rocky', '--show-passwords');

    expect(exitCode).toBe(0);
    expect(out).toContain('     [cells]\n     enable = True\n     name = api\n     cell_type = api\n');
    expect(out).toContain(
      [
        '     nova-manage cell create \\',
        '         --name ec2 \\',
        '         --cell_type child \\',
        '         --username burst \\',
        '         --password s3cret \\',
        '         --hostname broker \\',
        '         --port 5672 \\',
        '         --virtual_host ec2 \\',
        '         --woffset 1.0 \\',
        '         --wscale 1.0\n',
      ].join('\n'),
    );
    expect(out).toContain('"transport_url": "rabbit://burst:s3cret@broker:5672/ec2"');
    expect(out).toContain('"is_parent": false');
  });

  it('prints what this side needs, the API database included where the release asks for it', async () => {
    const { out } = await world.run(
      'register',
      '--release',
      'newton',
      '--parent-name',
      'top',
      '--parent-url',
      'rabbit://nova:x@10.0.0.2:5671/nova',
    );

    expect(out).toContain('[burst]\n     parent_release = newton\n     [api_database]\n');
    expect(out).toMatch(
      /burstcell cell create \\\n +--name top \\\n +--cell_type parent \\\n +--username nova \\\n +--password PASSWORD \\\n +--hostname 10\.0\.0\.2 \\\n +--port 5671 /,
    );
    expect((await world.run('register', '--release', 'mitaka')).out).not.toContain('api_database');
  });

  it('hides passwords unless told', async () => {
    const { out } = await world.run('register', '--release', 'rocky');

    expect(out).toContain('--password PASSWORD');
    expect(out).not.toContain('s3cret');
  });

  it('knows that Grizzly has neither cell_type nor a cells file, and keeps addresses in columns', async () => {
    const { out } = await world.run('register', '--release', 'grizzly');

    expect(out).toContain('[DEFAULT]\n     compute_api_class = nova.compute.cells_api.ComputeCellsAPI\n');
    expect(out).toContain('columns');
    expect(out).not.toMatch(/cell_type = api|cells\.json/);
  });

  it('names several broker hosts only where nova-manage takes them', async () => {
    world.dispose();
    world = new CliWorld(MINIMUM.replace('broker:5672', 'mq1:5672,burst:s3cret@mq2:5672'));

    expect((await world.run('register', '--release', 'kilo')).out).toContain('--broker_hosts mq1:5672,mq2:5672');
    expect((await world.run('register', '--release', 'juno')).out).toMatch(/--hostname mq1 [\s\S]*takes one broker host only/);
  });

  it('quotes what a shell would take apart', async () => {
    const { out } = await world.run('register', '--release', 'rocky', '--child-url', "rabbit://a:b'c%20d@h/", '--show-passwords');

    expect(out).toContain(`--password 'b'\\''c d'`);
  });

  it('repeats the exchange and queue names at the parent when they are not the usual ones', async () => {
    world.dispose();
    world = new CliWorld(`${MINIMUM}rpc_driver_queue_base = other.cells\n`);

    expect((await world.run('register', '--release', 'rocky')).out).toContain('rpc_driver_queue_base = other.cells');
  });

  it('asks for the release when neither option nor configuration names it', async () => {
    expect(await world.run('register')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining("the parent's release is not known"),
    });
  });

  it('knows the same releases as the wire', () => {
    expect(releaseNames).toEqual(RELEASES);
  });
});
