import type { OptionGroup } from './option.js';
import { serviceUserOptions } from './service-user-options.js';

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
      name: 'location_url',
      type: 'string',
      default: null,
      help: "URL that a record made by `nova image-create` and `nova backup` gets as its location, in place of data, for example https://images.example.com/{image}; {image} is the provider's id of the image. Only for version 2, and where glance has show_multiple_locations and a store for such URLs, of which it asks the size: something must answer there. Records that glance takes no location for get a few bytes of data. Not set: all do.",
    },
    ...serviceUserOptions(
      "The cell's own user, who may change and delete users' images: glance's policy, or a role of an administrator. Not set: only users’ tokens are used.",
    ),
  ],
};
