import type { OptionGroup } from './option.js';
import { serviceUserOptions } from './service-user-options.js';

export const CINDER: OptionGroup = {
  name: 'cinder',
  owner: 'nova',
  intro:
    "The parent's volume service: which of the cloud's volumes one of its is, and who tells it what is attached. Asked with the token of the request and, where that has run out or there is none, as the user below.",
  options: [
    {
      name: 'catalog_info',
      type: 'string',
      default: 'volumev3:cinderv3:publicURL',
      help: "`TYPE:NAME:INTERFACE` of cinder in the catalogue that comes with users' requests. A type that is not there gives way to volumev3, block-storage, volumev2 and volume.",
    },
    {
      name: 'endpoint_template',
      type: 'string',
      default: null,
      help: "cinder's URL, in place of the catalogue's: `http://cinder:8776/v3/%(project_id)s`. Needed where the parent's requests carry no catalogue.",
    },
    {
      name: 'os_region_name',
      type: 'string',
      default: null,
      help: 'Region whose cinder counts. Not set: the first of the catalogue.',
    },
    {
      name: 'volume_map',
      type: 'map',
      default: null,
      help: "The cloud's volumes by cinder's id: 5f0c-…:vol-0a1b,77aa-…:vol-2c3d. Goes before anything else. A volume that is not listed, where there is no cinder to ask, has the same id on both sides.",
    },
    {
      name: 'provider_id_property',
      type: 'string',
      default: null,
      help: "Key of a volume's metadata that holds the cloud's id of it, such as `ebs_volume_id`. Users can write metadata of their own volumes and could name a volume of somebody else: set it only where they are kept from that, or all volumes of the account are one owner's. Not set: only volume_map counts.",
    },
    ...serviceUserOptions(
      "The cell's own user, who must see volumes of all projects: deletes, and what takes long, outlast users' tokens. Not set: only users’ tokens are used.",
    ),
  ],
};
