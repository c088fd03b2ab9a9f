import { isObject, isText, type Json, tryParse } from '../json.js';
import type { ParentDialect } from '../releases.js';
import { type Findings, Lost } from '../violations.js';

/**
 * Reads `info_cache.network_info`. An empty text or null breaks the tenant's listing, a list is a database
 * error up to Havana (`protocol/tried-on-grizzly-to-juno.md`).
 */
export function readNetworkInfo(value: Json | undefined, dialect: ParentDialect, findings: Findings): Json[] {
  const list = isText(value) ? tryParse(value) : value;
  if (!isText(value) && !(Array.isArray(value) && dialect.networkInfoList)) {
    throw new Lost('network-info-form', 'network_info is no JSON text', 'harm');
  }
  if (!Array.isArray(list)) throw new Lost('network-info-form', 'network_info holds no JSON list', 'harm');
  list.forEach((vif, index) => {
    checkVif(vif, index, findings);
  });
  return list;
}

/** What `nova list` and `show` read of each interface (`network/model.py`, `api/openstack/common.py`). */
function checkVif(vif: Json, index: number, findings: Findings): void {
  const complain = (what: string) => findings.add('harm', 'network-info', `interface ${index}: ${what}`);
  if (!isObject(vif)) {
    complain('is no object');
    return;
  }
  if (!isText(vif.address)) complain('has no address');
  const network = vif.network;
  if (!isObject(network)) {
    complain('has no network');
    return;
  }
  if (!isText(network.label)) complain('has no network label');
  if (!Array.isArray(network.subnets)) {
    complain('has no subnets');
    return;
  }
  for (const subnet of network.subnets) {
    const ips = isObject(subnet) && Array.isArray(subnet.ips) ? subnet.ips : undefined;
    if (!ips) complain('has a subnet without ips');
    for (const ip of ips ?? []) checkAddress(ip, complain);
  }
}

function checkAddress(ip: Json, complain: (what: string) => void): void {
  if (!isObject(ip) || !isText(ip.address)) {
    complain('has an ip without address');
    return;
  }
  if (ip.type !== 'fixed') complain(`${ip.address} is not of type fixed`);
  if (ip.version !== 4 && ip.version !== 6) complain(`${ip.address} has version ${ip.version}`);
  const floating = ip.floating_ips;
  if (floating === undefined) return;
  if (!Array.isArray(floating)) {
    complain(`${ip.address} has floating_ips that are no list`);
    return;
  }
  for (const entry of floating) {
    if (!isObject(entry) || entry.type !== 'floating' || !isText(entry.address)) complain('has a floating ip that is none');
  }
}

/** Addresses as `nova list` shows them: label → addresses. */
export function addressesOf(networkInfo: readonly Json[]): Record<string, string[]> {
  const shown: Record<string, string[]> = {};
  for (const vif of networkInfo) {
    if (!isObject(vif) || !isObject(vif.network)) continue;
    const label = String(vif.network.label);
    shown[label] = [...(shown[label] ?? []), ...addressesOfNetwork(vif.network.subnets)];
  }
  return shown;
}

function addressesOfNetwork(subnets: Json | undefined): string[] {
  const addresses: string[] = [];
  for (const subnet of Array.isArray(subnets) ? subnets : []) {
    for (const ip of isObject(subnet) && Array.isArray(subnet.ips) ? subnet.ips : []) {
      if (!isObject(ip)) continue;
      addresses.push(String(ip.address));
      for (const floating of Array.isArray(ip.floating_ips) ? ip.floating_ips : []) {
        if (isObject(floating)) addresses.push(String(floating.address));
      }
    }
  }
  return addresses;
}
