import type { OptionGroup } from './option.js';

/** Where the parent's image service is: nova's option, and what is our own about how it lets us in. */
export const GLANCE: OptionGroup = {
  name: 'glance',
  owner: 'nova',
  intro:
    "The parent's image service. With it the records of `nova image-create` and `nova backup` become active; it is spoken to with the user's own token, and with the user given here when that has expired.",
  options: [
    {
      name: 'api_servers',
      type: 'list',
      default: '',
      aliases: ['DEFAULT.glance_api_servers'],
      help: 'URLs of glance, `http://glance:9292`: the first that answers is taken. Empty: image records stay queued. Certificates are checked against Node.js’ authorities and those of the file that NODE_EXTRA_CA_CERTS names.',
    },
    {
      name: 'api_version',
      type: 'string',
      default: '2',
      choices: ['1', '2'],
      help: "Version of glance's API. Early releases without v2 need 1.",
    },
    {
      name: 'auth_url',
      type: 'string',
      default: null,
      help: "URL of keystone, for the cell's own user: `http://keystone:5000/v3`, or with `/v2.0` at its end.",
    },
    {
      name: 'username',
      type: 'string',
      default: null,
      help: "The cell's own user, who may change and delete users' images: glance's policy, or a role of an administrator.",
    },
    { name: 'password', type: 'secret', default: null, help: "That user's password." },
    { name: 'project_name', type: 'string', default: 'service', help: "That user's project." },
    { name: 'user_domain_name', type: 'string', default: 'Default', help: "That user's domain; unused with v2.0." },
    { name: 'project_domain_name', type: 'string', default: 'Default', help: "That project's domain; unused with v2.0." },
  ],
};
