import { WireError } from '../errors.js';
import { isJsonObject, type JsonObject, type JsonValue, parseJson, stringifyJson } from '../json/json.js';
import { dataOf } from '../objects/codec.js';

/**
 * Text in every release: only Icehouse and later read a list, and all read the text. Anything but a list is
 * WireError `forbidden`: an empty text or null breaks listings.
 */
export function networkInfoText(interfaces: readonly JsonObject[]): string {
  if (!Array.isArray(interfaces))
    throw new WireError('forbidden', 'network_info is a list of interfaces; an empty list means none');
  return stringifyJson([...interfaces], { ascii: true });
}

/** What is wrong with an update's info_cache; null when nothing is, or when it has none. */
export function judgeNetworkInfo(infoCache: JsonValue | undefined, applied: boolean): string | null {
  if (!applied || infoCache === undefined || infoCache === null) return null;
  if (!isJsonObject(infoCache)) return 'info_cache is no object';
  const changes = infoCache['nova_object.changes'];
  const data = dataOf(infoCache);
  if (data !== null && !(Array.isArray(changes) && changes.includes('network_info'))) {
    return "network_info is not among info_cache's own changes, so it is not applied";
  }
  const text = (data ?? infoCache).network_info;
  if (typeof text !== 'string') return 'network_info is not a text';
  return judgeText(text);
}

function judgeText(text: string): string | null {
  try {
    const interfaces = parseJson(text);
    if (!Array.isArray(interfaces)) return 'network_info is not a list';
    const wrong = interfaces.findIndex((vif) => !isInterface(vif));
    return wrong < 0 ? null : `interface ${wrong} lacks network.subnets[].ips[].address`;
  } catch {
    return 'network_info is not the text of a list';
  }
}

/** What the parent's API walks through for every address it shows. */
function isInterface(vif: JsonValue): boolean {
  if (!isJsonObject(vif) || !isJsonObject(vif.network)) return false;
  const { subnets } = vif.network;
  return Array.isArray(subnets) && subnets.every(isSubnet);
}

function isSubnet(subnet: JsonValue): boolean {
  if (!isJsonObject(subnet) || !Array.isArray(subnet.ips)) return false;
  return subnet.ips.every((ip) => isJsonObject(ip) && typeof ip.address === 'string');
}
