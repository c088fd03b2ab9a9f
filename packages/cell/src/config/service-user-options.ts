import type { ConfigOption } from './option.js';

/** The cell's own user at keystone, in sections of services that it asks. */
export function serviceUserOptions(who: string): readonly ConfigOption[] {
  return [
    {
      name: 'auth_url',
      type: 'url',
      default: null,
      help: "URL of keystone, for the cell's own user: `http://keystone:5000/v3`, or with `/v2.0` at its end.",
    },
    { name: 'username', type: 'string', default: null, help: who },
    { name: 'password', type: 'secret', default: null, help: "That user's password." },
    { name: 'project_name', type: 'string', default: 'service', help: "That user's project." },
    { name: 'user_domain_name', type: 'string', default: 'Default', help: "That user's domain; unused with v2.0." },
    { name: 'project_domain_name', type: 'string', default: 'Default', help: "That project's domain; unused with v2.0." },
  ];
}
