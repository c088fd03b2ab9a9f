import { chmodSync, closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith, pathFolders, versionedFolders } from './find-server.mjs';
import { freePorts } from './ports.mjs';
import { endGroup, startGroup } from './process-group.mjs';
import { probeRabbit } from './rabbitmq-probe.mjs';
import { SERVER_GRACE_MS } from './timings.mjs';
import { waitUntilReady } from './wait-until-ready.mjs';

/** How RabbitMQ is had: {@link ./services.mjs} walks these ways in their order. */
export const rabbitmq = {
  name: 'RabbitMQ',
  variable: 'BURSTCELL_AMQP_URL',
  example: 'amqp://user:password@host:5672',
  packages: ['rabbitmq-server'],
  standardUrls: () => ['amqp://guest:guest@127.0.0.1:5672'],
  probe: probeRabbit,
  findServer,
  startPrivate,
};

/**
 * Debian's `/usr/sbin/rabbitmq-server` switches user and writes to `/var/log`; the scripts
 * that it calls do neither, so they are looked for first.
 */
function findServer() {
  const packaged = ['/usr/lib/rabbitmq/bin', ...versionedFolders('/usr/lib/rabbitmq/lib', 'sbin'), '/opt/rabbitmq/sbin'];
  const bin = folderWith(['rabbitmq-server', 'rabbitmqctl'], [...packaged, ...pathFolders('rabbitmq-server')]);
  const epmd = folderWith(['epmd'], [...pathFolders('epmd'), '/usr/lib/erlang/bin', '/usr/local/lib/erlang/bin']);
  return bin && epmd ? { bin, epmd: join(epmd, 'epmd') } : undefined;
}

/**
 * A broker of its own: node name, ports, data, log, cookie and port mapper (epmd, which a
 * broker would otherwise leave running) are all this run's. Answers `{ url, env, stop }`.
 */
async function startPrivate({ bin, epmd }, run) {
  const [port, distributionPort, epmdPort] = await freePorts(3);
  const home = join(run.folder, `rabbitmq-${port}`);
  const env = { ...process.env, ...brokerSettings({ home, port, distributionPort, epmdPort }) };
  layOut(home, { bin, port, env });

  const log = openSync(join(home, 'console.log'), 'a');
  const options = { cwd: home, env, stdio: ['ignore', log, log] };
  const mapper = startGroup(epmd, ['-port', String(epmdPort), '-address', '127.0.0.1'], options);
  const broker = startGroup(join(bin, 'rabbitmq-server'), [], options);
  closeSync(log);
  const stop = async () => {
    await endGroup(broker.pid, SERVER_GRACE_MS);
    await endGroup(mapper.pid, 0);
  };
  for (const { pid } of [mapper, broker]) if (pid !== undefined) run.note(pid);

  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  await waitUntilReady({
    name: 'RabbitMQ',
    server: broker,
    isReady: () => probeRabbit(url),
    log: join(home, 'console.log'),
    stop,
  });
  return { url, env: { BURSTCELL_RABBITMQCTL: join(home, 'ctl') }, stop };
}

/** RabbitMQ: "Environment variables" and "Networking" guides. */
function brokerSettings({ home, port, distributionPort, epmdPort }) {
  return {
    HOME: home,
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `burstcell-${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_CONF_ENV_FILE: join(home, 'none.conf'),
    RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'),
    RABBITMQ_CONFIG_FILES: join(home, 'conf.d'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(home, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'enabled_plugins'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(home, 'config'),
    RABBITMQ_MNESIA_BASE: join(home, 'data'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_PID_FILE: join(home, 'pid'),
  };
}

function layOut(home, { bin, port, env }) {
  for (const folder of ['conf.d', 'config', 'data', 'log']) mkdirSync(join(home, folder), { recursive: true });
  // Only the loopback address, and not the small buffers some distributions set.
  writeFileSync(join(home, 'rabbitmq.conf'), `listeners.tcp.1 = 127.0.0.1:${port}\nlog.file.level = warning\n`);
  writeFileSync(join(home, 'enabled_plugins'), '[].\n');
  const names = [
    'HOME',
    'ERL_EPMD_PORT',
    'RABBITMQ_NODENAME',
    'RABBITMQ_CONF_ENV_FILE',
    'RABBITMQ_MNESIA_BASE',
    'RABBITMQ_LOG_BASE',
  ];
  const settings = names.map((name) => `export ${name}='${env[name]}'`);
  writeFileSync(join(home, 'ctl'), ['#!/bin/sh', ...settings, `exec '${join(bin, 'rabbitmqctl')}' "$@"`, ''].join('\n'));
  chmodSync(join(home, 'ctl'), 0o755);
}
