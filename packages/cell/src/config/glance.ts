import type { GlanceConfig } from './cell-config.js';
import { ConfigError } from './config-error.js';
import type { OptionReader } from './option-reader.js';
import { serviceUser } from './service-user.js';

/** The `[glance]` section. */
export function glance(read: OptionReader): GlanceConfig {
  return {
    apiServers: read.list('glance', 'api_servers').map(baseUrl),
    apiVersion: read.text('glance', 'api_version') === '1' ? 1 : 2,
    locationUrl: locationUrl(read.textOrNull('glance', 'location_url')),
    user: serviceUser(read, 'glance'),
  };
}

/** One that is the same for all images would name none of them. */
function locationUrl(template: string | null): string | null {
  if (template === null) return null;
  if (URL.canParse(template.replaceAll('{image}', 'image')) && template.includes('{image}')) return template;
  throw new ConfigError(
    `[glance] location_url is '${template}'`,
    'Write a URL with the word {image}, for example https://images.example.com/{image}.',
  );
}

/** Early releases give their servers as `host:port`. */
function baseUrl(server: string): string {
  return (/^https?:/.test(server) ? server : `http://${server}`).replace(/\/+(v[12](\.\d)?\/*)?$/, '');
}
