import type { BedSettings } from './config.js';
import { runCommand } from './run-command.js';
import { PROBE_MS } from './timings.js';
import { BedUnavailable } from './unavailable.js';

/** Makes and removes RabbitMQ's virtual hosts. Both are repeat-safe. */
export interface Vhosts {
  create(name: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/**
 * AMQP itself cannot make virtual hosts, so this goes through the management API where it answers, else through rabbitmqctl.
 * @throws BedUnavailable when neither is there.
 */
export async function openVhosts(settings: BedSettings): Promise<Vhosts> {
  if (await managementAnswers(settings)) return throughManagement(settings);
  const [command = 'rabbitmqctl', ...args] = settings.rabbitmqctl;
  const probe = await runCommand(command, [...args, '-q', 'list_vhosts', 'name']);
  if (probe.status === 0) return throughRabbitmqctl(settings);
  throw new BedUnavailable(
    `no way to make virtual hosts at ${settings.amqpUrl.host}: no management API at ${settings.managementUrl}, and ` +
      `"${settings.rabbitmqctl.join(' ')}" fails; make two and name them in BURSTCELL_PARENT_VHOST and BURSTCELL_CHILD_VHOST`,
  );
}

function throughManagement(settings: BedSettings): Vhosts {
  const user = decodeURIComponent(settings.amqpUrl.username);
  const all = { configure: '.*', write: '.*', read: '.*' };
  return {
    async create(name) {
      await manage(settings, 'PUT', `/vhosts/${encodeURIComponent(name)}`, {});
      await manage(settings, 'PUT', `/permissions/${encodeURIComponent(name)}/${encodeURIComponent(user)}`, all);
    },
    async remove(name) {
      await manage(settings, 'DELETE', `/vhosts/${encodeURIComponent(name)}`);
    },
  };
}

async function manage(settings: BedSettings, method: string, path: string, body?: object): Promise<void> {
  const response = await fetch(`${settings.managementUrl}/api${path}`, {
    method,
    headers: { authorization: basicAuth(settings.amqpUrl), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const gone = method === 'DELETE' && response.status === 404;
  if (!response.ok && !gone) throw new Error(`management API: ${method} ${path} answered ${response.status}`);
}

async function managementAnswers(settings: BedSettings): Promise<boolean> {
  try {
    const response = await fetch(`${settings.managementUrl}/api/vhosts`, {
      headers: { authorization: basicAuth(settings.amqpUrl) },
      signal: AbortSignal.timeout(PROBE_MS),
    });
    return response.ok;
  } catch {
    return false;
  }
}

function basicAuth(url: URL): string {
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

function throughRabbitmqctl(settings: BedSettings): Vhosts {
  const [command = 'rabbitmqctl', ...first] = settings.rabbitmqctl;
  const run = async (...args: string[]): Promise<void> => {
    const answer = await runCommand(command, [...first, '-q', ...args]);
    if (answer.status !== 0) throw new Error(`rabbitmqctl ${args[0]} failed: ${answer.output.trim()}`);
  };
  return {
    async create(name) {
      await run('add_vhost', name);
      await run('set_permissions', '-p', name, decodeURIComponent(settings.amqpUrl.username), '.*', '.*', '.*');
    },
    async remove(name) {
      await run('delete_vhost', name).catch((error: Error) => {
        if (!/no_such_vhost|does not exist|not found/i.test(error.message)) throw error;
      });
    },
  };
}
