import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CliWorld, MINIMUM } from './support.js';

describe('burstcell', () => {
  let world: CliWorld;
  beforeEach(() => {
    world = new CliWorld();
  });
  afterEach(() => world.dispose());

  it.each([
    [['run']],
    [['db', 'migrate']],
    [['db', 'status']],
    [['cell', 'create']],
    [['cell', 'list']],
    [['cell', 'delete']],
    [['register']],
    [['doctor']],
  ])('helps with %j, with examples', async (words) => {
    const { exitCode, out } = await world.run(...words, '--help');

    expect(exitCode).toBe(0);
    expect(out).toContain(`Usage: burstcell ${words.join(' ')}`);
    expect(out).toMatch(/Examples:\n {2}# .+\n {2}\$ burstcell/);
  });

  it('runs the cell with its configuration and answers its exit code', async () => {
    expect((await world.run('run')).exitCode).toBe(0);

    world.dispose();
    world = new CliWorld(MINIMUM.replace('name = ec2', 'name = other'));
    expect((await world.run('run')).exitCode).toBe(1);
  });

  it('shows what is wrong with the configuration in one line, with a remedy and exit code 2', async () => {
    world.dispose();
    world = new CliWorld(`${MINIMUM}call_timeout = soon\n`);

    const { exitCode, err } = await world.run('run');

    expect(exitCode).toBe(2);
    expect(err).toMatch(
      /^burstcell: .*burstcell\.conf:7: \[cells\] call_timeout cannot be 'soon'\n {2}Write a whole number from 1 up\.$/,
    );
  });

  it('warns of keys it ignores and goes on', async () => {
    world.dispose();
    world = new CliWorld(`${MINIMUM}[libvirt]\nvirt_type = kvm\n`);

    expect(await world.run('db', 'status')).toMatchObject({
      exitCode: 0,
      err: expect.stringMatching(/^warning: .*:8: \[libvirt\] virt_type is ignored$/),
    });
  });

  it('refuses unknown commands and options with exit code 2', async () => {
    expect((await world.run('rnu')).exitCode).toBe(2);
    expect((await world.run('run', '--fast')).err).toContain("unknown option '--fast'");
  });

  it('tells what a migration applied, and when there was nothing to do', async () => {
    world.schema = { state: 'old', applied: [], pending: ['0002_second', '0003_third'], unknown: [] };
    expect((await world.run('db', 'migrate')).out).toBe('applied 0002_second\napplied 0003_third');
    expect((await world.run('db', 'status')).out).toContain(
      "missing  0003_third\nthe schema is older than this program: run 'burstcell db migrate'",
    );

    world.schema = { state: 'current', applied: ['0003_third'], pending: [], unknown: [] };
    expect((await world.run('db', 'migrate')).out).toBe('the schema is up to date');
  });

  it('looks at everything even after a failure, and ends with 1', async () => {
    const { exitCode, out } = await world.run('doctor');

    expect(exitCode).toBe(1);
    expect(out).toContain("ok      this cell's broker: lets us in");
    expect(out).toContain("WRONG   the parent's broker: no parent is known\n        Make it known with 'burstcell cell create");
    expect(out).toContain("ok      the parent's API database");
  });

  it('says which side of a schema mismatch is too old', async () => {
    world.schema = { state: 'new', applied: ['9999_future'], pending: [], unknown: ['9999_future'] };
    expect((await world.run('doctor')).out).toContain('WRONG   database: its schema is newer than this program');

    world.schema = { state: 'old', applied: [], pending: ['0001_first'], unknown: [] };
    expect((await world.run('doctor')).out).toContain("WRONG   database: its schema is old\n        Run 'burstcell db migrate'.");
  });

  it('notices that parent and child would read the same queues', async () => {
    await world.run(
      'cell',
      'create',
      '--name',
      'api',
      '--cell_type',
      'api',
      '--username',
      'u',
      '--password',
      'p',
      '--hostname',
      'broker',
      '--virtual_host',
      'ec2',
    );

    expect((await world.run('doctor')).out).toContain("WRONG   the parent's broker: it is this cell's own");
  });

  it("notices that a parent from Newton on lacks its API database's URL", async () => {
    world.dispose();
    world = new CliWorld(`${MINIMUM}[burst]\nparent_release = queens\n`);

    expect((await world.run('doctor')).out).toContain("WRONG   the parent's API database: it is not set");
  });

  it('warns that image records stay queued without an image service, and is content all the same', async () => {
    expect((await world.run('doctor')).out).toContain("WARNING the parent's image service: [glance] api_servers is not set");
  });

  it('asks the image service as the cell’s own user', async () => {
    world.dispose();
    world = new CliWorld(
      `${MINIMUM}[glance]\napi_servers = http://127.0.0.1:1\nusername = u\npassword = p\nauth_url = http://127.0.0.1:1/v3\n`,
    );

    expect((await world.run('doctor')).out).toContain("WRONG   the parent's image service: ");
  });

  it('asks the network service where its security groups are followed, and only there', async () => {
    expect((await world.run('doctor')).out).toContain("ok      the parent's network service: not followed");
    world.dispose();
    const user = 'username = u\npassword = p\nauth_url = http://127.0.0.1:1/v3\n';
    world = new CliWorld(`${MINIMUM}[neutron]\nfollow_security_groups = true\nendpoint_override = http://127.0.0.1:1\n${user}`);

    expect((await world.run('doctor')).out).toMatch(
      /WRONG {3}the parent's network service: keystone did not answer\n {8}Check endpoint_override/,
    );
  });

  it('looks at the events queue where there is one, and says what to do about it', async () => {
    expect((await world.run('doctor')).out).toContain('ok      the events queue: not set ([ec2] events_queue_url)');

    world.providerIsWrong = true;
    expect((await world.run('doctor')).out).toContain('ok      the events queue: not looked at: ');
    world.providerIsWrong = false;

    world.events = true;
    expect((await world.run('doctor')).out).toContain('ok      the events queue: may be read');

    world.events = Object.assign(new Error('there is no queue https://q'), { remedy: 'Make it.' });
    const { exitCode, out } = await world.run('doctor');
    expect(exitCode).toBe(1);
    expect(out).toContain('WRONG   the events queue: there is no queue https://q\n        Make it.');
  });

  it('is content when all is well', async () => {
    await world.run(
      'cell',
      'create',
      '--name',
      'api',
      '--cell_type',
      'api',
      '--username',
      'u',
      '--password',
      'p',
      '--hostname',
      'h',
    );

    const { exitCode, out } = await world.run('doctor');

    expect(exitCode).toBe(0);
    expect(out).not.toContain('WRONG');
    expect(world.probed).toEqual(['rabbit://burst:s3cret@broker:5672/ec2', 'rabbit://u:p@h:5672//']);
  });
});
