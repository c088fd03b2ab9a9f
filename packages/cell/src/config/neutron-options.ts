import type { NeutronConfig } from './cell-config.js';
import { ConfigError } from './config-error.js';
import type { OptionGroup } from './option.js';
import type { OptionReader } from './option-reader.js';
import { serviceUser } from './service-user.js';
import { serviceUserOptions } from './service-user-options.js';

const GROUP = 'neutron';

export const NEUTRON: OptionGroup = {
  name: GROUP,
  owner: 'nova',
  intro:
    "The parent's network service, whose security groups servers here get too: each becomes a group of the cloud's own with the same rules. What the cloud cannot express is left out and logged: servers are then closed to it.",
  options: [
    {
      name: 'follow_security_groups',
      type: 'boolean',
      default: 'false',
      help: "Whether security groups and their rules are taken from the network service. A boot then waits for it, and fails when it does not answer in the boot's time. The provider's own map goes before it. false: the provider's options alone say what groups servers get.",
    },
    {
      name: 'endpoint_override',
      type: 'url',
      default: null,
      aliases: ['neutron.url', 'DEFAULT.neutron_url', 'DEFAULT.quantum_url'],
      help: 'URL of neutron: `http://neutron:9696`. Needed to follow it.',
    },
    {
      name: 'sync_interval_s',
      type: 'integer',
      default: '60',
      min: 1,
      help: 'Seconds between two looks for rules that have changed. Groups that are gone are deleted in the cloud an hour later, once no server has them.',
    },
    ...serviceUserOptions(
      "The cell's own user, who must see security groups of all projects (neutron's admin). Needed to follow it.",
    ),
  ],
};

/** Null: it is not followed, whatever nova's own options in the section say. Throws a {@link ConfigError}. */
export function neutron(read: OptionReader): NeutronConfig | null {
  if (!read.boolean(GROUP, 'follow_security_groups')) return null;
  const endpoint = read.textOrNull(GROUP, 'endpoint_override');
  const user = serviceUser(read, GROUP);
  if (endpoint === null || user === null) {
    const missing = endpoint === null ? 'endpoint_override' : 'username';
    const remedy = 'Set endpoint_override, auth_url, username and password.';
    throw new ConfigError(`[neutron] follow_security_groups is set without ${missing}`, remedy);
  }
  return { endpoint: endpoint.replace(/\/+(v2\.0\/*)?$/, ''), user, syncIntervalMs: read.seconds(GROUP, 'sync_interval_s') };
}
