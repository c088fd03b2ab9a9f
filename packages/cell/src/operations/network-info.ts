import type { ProviderInstance, ProviderNic } from '@burstcell/provider';
import type { Json } from '@burstcell/store';

/**
 * A machine's interfaces as nova's network_info (nova/network/model.py): from it the parent makes
 * the addresses of `nova list` and `nova show`. Floating addresses hang on the fixed one they reach.
 */
export function networkInfo(machine: ProviderInstance): readonly Json[] {
  return machine.nics.map((nic) => vif(nic));
}

function vif(nic: ProviderNic): Json {
  return {
    id: nic.id,
    address: nic.mac,
    type: null,
    devname: null,
    ovs_interfaceid: null,
    qbh_params: null,
    qbg_params: null,
    active: true,
    vnic_type: 'normal',
    profile: {},
    details: {},
    preserve_on_delete: false,
    meta: {},
    network: {
      id: nic.networkId,
      label: nic.networkLabel,
      bridge: null,
      meta: {},
      subnets: subnets(nic),
    },
  };
}

function subnets(nic: ProviderNic): Json[] {
  return ([4, 6] as const).flatMap((version) => {
    const fixed = nic.addresses.filter((each) => each.version === version && each.type === 'fixed');
    if (fixed.length === 0) return [];
    return [
      { cidr: version === 4 ? nic.cidr : null, version, dns: [], routes: [], meta: {}, gateway: null, ips: ips(nic, fixed) },
    ];
  });
}

function ips(nic: ProviderNic, fixed: ProviderNic['addresses']): Json[] {
  const floating = nic.addresses.filter((each) => each.type === 'floating');
  return fixed.map((each, index) => ({
    address: each.address,
    type: 'fixed',
    version: each.version,
    meta: {},
    floating_ips:
      index === 0 && each.version === 4
        ? floating.map((outer) => ({ address: outer.address, type: 'floating', version: outer.version, meta: {} }))
        : [],
  }));
}
