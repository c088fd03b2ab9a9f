import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the bed finds what it needs. Everything can be given in the environment; the defaults are the standard local ports. */
export interface BedSettings {
  /** A broker URL without virtual host. */
  amqpUrl: URL;
  /** A PostgreSQL server URL without database; the user must be allowed to create databases. */
  pgUrl: URL;
  workFolder: string;
  /** RabbitMQ's management API, user and password as in `amqpUrl`; the second way to make virtual hosts is rabbitmqctl. */
  managementUrl: string;
  rabbitmqctl: string[];
  /** Virtual hosts that exist already and are to be used as they are; otherwise the bed makes two and removes them. */
  parentVhost?: string;
  childVhost?: string;
  /** Candidates for a Python 2.7, best first; a candidate need not exist. */
  pythons: string[];
  pyenvRoot: string;
}

/** The environment handed to nova's processes, without what would send their local requests elsewhere. */
export function childEnvironment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(OS_|PYTHON(PATH|HOME)$)/.test(name));
  return {
    ...Object.fromEntries(inherited),
    PYTHONWARNINGS: 'ignore',
    no_proxy: '127.0.0.1,localhost',
    NO_PROXY: '127.0.0.1,localhost',
    ...more,
  };
}

export function bedSettings(env: NodeJS.ProcessEnv = process.env): BedSettings {
  const amqpUrl = new URL(env.BURSTCELL_AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672');
  return {
    amqpUrl,
    pgUrl: new URL(env.BURSTCELL_PG_URL ?? 'postgresql://postgres@127.0.0.1:5432'),
    workFolder: resolve(env.BURSTCELL_WORK ?? join(repositoryRoot(), '.work'), 'parent'),
    managementUrl: env.BURSTCELL_AMQP_MANAGEMENT_URL ?? `http://${amqpUrl.hostname}:15672`,
    rabbitmqctl: (env.BURSTCELL_RABBITMQCTL ?? 'rabbitmqctl').split(' '),
    ...(env.BURSTCELL_PARENT_VHOST === undefined ? {} : { parentVhost: env.BURSTCELL_PARENT_VHOST }),
    ...(env.BURSTCELL_CHILD_VHOST === undefined ? {} : { childVhost: env.BURSTCELL_CHILD_VHOST }),
    pythons: [env.PYTHON27, 'python2.7', 'python2'].filter((name) => name !== undefined),
    pyenvRoot: env.PYENV_ROOT ?? join(homedir(), '.pyenv'),
  };
}

/** The folder of this package, whether this runs from `test/` or from `dist/test/`. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

export function repositoryRoot(): string {
  return resolve(packageRoot(), '..', '..');
}
