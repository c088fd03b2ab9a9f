import { execFileSync } from 'node:child_process';
import { chownSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { folderWith, pathFolders, versionedFolders } from './find-server.mjs';
import { freePorts } from './ports.mjs';
import { probePostgres } from './postgres-probe.mjs';
import { endGroup, startGroup } from './process-group.mjs';
import { SERVER_GRACE_MS } from './timings.mjs';
import { waitUntilReady } from './wait-until-ready.mjs';

/** Where distributions put the local socket: Debian and Red Hat, then PostgreSQL's own default. */
const SOCKET_FOLDERS = ['/var/run/postgresql', '/tmp'];
const SETTINGS = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200' };

/** How PostgreSQL is had: {@link ./services.mjs} walks these ways in their order. */
export const postgres = {
  name: 'PostgreSQL',
  variable: 'BURSTCELL_PG_URL',
  example: 'postgresql://user:password@host:5432',
  packages: ['postgresql'],
  standardUrls,
  probe: probePostgres,
  findServer,
  startPrivate,
};

function standardUrls() {
  const sockets = SOCKET_FOLDERS.filter((folder) => existsSync(join(folder, '.s.PGSQL.5432')));
  const user = encodeURIComponent(userInfo().username);
  return [
    'postgresql://postgres@127.0.0.1:5432',
    ...sockets.map((folder) => `postgresql://${user}@${encodeURIComponent(folder)}`),
  ];
}

function findServer() {
  const packaged = [
    ...versionedFolders('/usr/lib/postgresql', 'bin'),
    ...versionedFolders('/usr', 'bin').filter((path) => /pgsql-\d/.test(path)),
  ];
  const bin = folderWith(['initdb', 'postgres'], [...packaged, ...pathFolders('postgres')]);
  return bin === undefined ? undefined : { bin };
}

/**
 * A server of its own on its own port, with its data in the run's folder; user `postgres`, no
 * password, this machine only. PostgreSQL refuses to run as root, so root lends it to the
 * user that the package made, else to nobody. Answers `{ url, env, stop }`.
 */
async function startPrivate({ bin }, run) {
  const [port] = await freePorts(1);
  const who = serverUser();
  const { home, discard } = makeHome(join(run.folder, `postgresql-${port}`), who);
  const data = join(home, 'data');
  const log = openSync(join(home, 'server.log'), 'a');
  const options = { ...who, cwd: home, env: { ...process.env, LC_ALL: 'C.UTF-8' }, stdio: ['ignore', log, log] };
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'], options);

  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = startGroup(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...settings], options);
  closeSync(log);
  const stop = async () => {
    // SIGINT is PostgreSQL's "fast shutdown": sessions are ended, not waited for.
    await endGroup(server.pid, SERVER_GRACE_MS, 'SIGINT');
    discard();
  };
  if (server.pid !== undefined) run.note(server.pid);

  const url = `postgresql://postgres@127.0.0.1:${port}`;
  await waitUntilReady({ name: 'PostgreSQL', server, isReady: () => probePostgres(url), log: join(home, 'server.log'), stop });
  return { url, env: {}, stop };
}

function serverUser() {
  if (process.getuid?.() !== 0) return {};
  const name = ['postgres', 'nobody'].find((candidate) => idOf('-u', candidate) !== undefined);
  return { uid: idOf('-u', name), gid: idOf('-g', name) };
}

function idOf(flag, name) {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}

/**
 * The data folder, owned by the server's user. A work folder below somebody's private home is
 * out of that user's reach: only then the data lies in the system's temporary folder.
 */
function makeHome(wanted, { uid, gid }) {
  mkdirSync(wanted, { recursive: true });
  if (uid === undefined) return { home: wanted, discard: () => {} };
  chownSync(wanted, uid, gid);
  if (canReach(wanted, { uid, gid })) return { home: wanted, discard: () => {} };
  const home = mkdtempSync(join(tmpdir(), 'burstcell-postgresql-'));
  chownSync(home, uid, gid);
  return { home, discard: () => rmSync(home, { recursive: true, force: true }) };
}

function canReach(folder, who) {
  try {
    execFileSync('/bin/sh', ['-c', 'test -x "$1" && cd "$1"', 'sh', folder], { ...who, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
