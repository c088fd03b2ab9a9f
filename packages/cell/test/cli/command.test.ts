import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@burstcell/store/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), '../../src/cli/burstcell.js');

/** The program as an operator starts it, on a real database. */
describe('the burstcell command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'burstcell-command-'));
  const configFile = join(folder, 'burstcell.conf');
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
    writeFileSync(
      configFile,
      `[DEFAULT]\ntransport_url = rabbit://u:own-secret@127.0.0.1:1/own\n[database]\nconnection = ${database.url}\n[cells]\nname = ec2\n[burst]\nprovider = simulator\n`,
    );
  });
  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const burstcell = (...args: readonly string[]) =>
    new Promise<{ code: number; out: string; err: string }>((done) => {
      execFile(process.execPath, [PROGRAM, ...args, '--config-file', configFile], (error, out, err) => {
        done({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });

  it('goes on to its end when nobody reads what it says', async () => {
    const child = spawn(process.execPath, [PROGRAM, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const said: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));

    const [code] = await once(child, 'close');

    expect(Buffer.concat(said).toString()).toBe('');
    expect(code).toBe(0);
  });

  it('prepares a database, keeps the neighbours in it, and never shows a password', async () => {
    const early = await burstcell('cell', 'list');
    expect(early).toMatchObject({ code: 1, err: expect.stringContaining("Run 'burstcell db migrate'.") });

    expect(await burstcell('db', 'migrate')).toMatchObject({ code: 0, out: expect.stringMatching(/^applied 0001_/) });
    expect(await burstcell('db', 'migrate')).toMatchObject({ code: 0, out: 'the schema is up to date\n' });

    const parent = [
      '--name',
      'api',
      '--cell_type',
      'parent',
      '--username',
      'nova',
      '--password',
      'top-secret',
      '--hostname',
      '127.0.0.1',
      '--port',
      '1',
    ];
    expect(await burstcell('cell', 'create', ...parent)).toMatchObject({ code: 0, out: 'cell api is known\n' });
    expect(await burstcell('cell', 'create', ...parent)).toMatchObject({ code: 1 });

    const list = await burstcell('cell', 'list');
    const doctor = await burstcell('doctor');
    expect(list.out).toMatch(/api .* parent .* nova .* 127\.0\.0\.1:1 /);
    expect(doctor).toMatchObject({
      code: 1,
      out: expect.stringContaining("WRONG   this cell's broker: 127.0.0.1:1 cannot be used"),
    });
    expect(list.out + list.err + doctor.out + doctor.err).not.toMatch(/top-secret|own-secret/);

    expect(await burstcell('cell', 'delete', '--cell_name', 'api')).toMatchObject({ code: 0 });
  }, 120_000);
});
