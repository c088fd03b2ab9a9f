import type { SecurityGroup, SecurityGroupRule } from '@burstcell/provider';
import { Failure } from '../operations/failure.js';
import type { SecurityGroupService } from '../security-groups.js';
import { GROUPS_SHARED_MS, NEUTRON_IDS } from '../timings.js';
import type { NeutronClient, NeutronGroup, NeutronRule } from './neutron-client.js';

interface Reading {
  readonly at: number;
  readonly groups: Promise<readonly NeutronGroup[]>;
}

/** {@link SecurityGroupService} on neutron. */
export class NeutronGroups implements SecurityGroupService {
  /** By project: the builds of a burst ask all at once. Projects are few, and each has its last one. */
  readonly #readings = new Map<string, Reading>();

  constructor(
    private readonly client: NeutronClient,
    private readonly now: () => number = Date.now,
  ) {}

  async meant(asked: readonly string[], projectId: string, signal: AbortSignal): Promise<readonly SecurityGroup[]> {
    const began = this.now();
    for (;;) {
      const reading = this.#readings.get(projectId) ?? this.#read(projectId);
      const found = chosen(asked, await unlessAborted(reading.groups, signal));
      const isNew = reading.at >= began;
      // What an older answer lacks may have been made since.
      const isComplete = found.length === new Set(asked).size && this.now() - reading.at < GROUPS_SHARED_MS;
      if (isNew || isComplete) return found.map(toGroup);
      this.#forget(projectId, reading);
    }
  }

  async ofPorts(portIds: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
    const query = new URLSearchParams(portIds.map((id): [string, string] => ['id', id]));
    const ports = await this.client.ports(query, signal);
    return new Map(ports.map(({ id, security_groups: groups = [] }) => [id, groups]));
  }

  async byIds(ids: readonly string[], signal: AbortSignal): Promise<readonly SecurityGroup[]> {
    const found: NeutronGroup[] = [];
    for (let at = 0; at < ids.length; at += NEUTRON_IDS) {
      const query = new URLSearchParams(ids.slice(at, at + NEUTRON_IDS).map((id): [string, string] => ['id', id]));
      found.push(...(await this.client.groups(query, signal)));
    }
    return found.map(toGroup);
  }

  async probe(signal: AbortSignal): Promise<void> {
    await this.client.probe(signal);
  }

  /**
   * Nobody's signal ends it, since it is everybody's. Whoever asks for a project's groups by `tenant_id` makes its default
   * group, if it has none yet (neutron/db/securitygroups_db.py).
   */
  #read(projectId: string): Reading {
    const groups = this.client.groups(new URLSearchParams({ tenant_id: projectId }), NEVER);
    const reading = { at: this.now(), groups };
    this.#readings.set(projectId, reading);
    groups.catch(() => this.#forget(projectId, reading));
    return reading;
  }

  #forget(projectId: string, reading: Reading): void {
    if (this.#readings.get(projectId) === reading) this.#readings.delete(projectId);
  }
}

const NEVER = new AbortController().signal;

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** As nova chooses them: a name goes before an id (nova/network/neutronv2/api.py `_process_security_groups`). */
function chosen(asked: readonly string[], groups: readonly NeutronGroup[]): readonly NeutronGroup[] {
  return [...new Set(asked)].flatMap((wanted) => {
    const named = groups.filter(({ name }) => name === wanted);
    if (named.length > 1) throw ambiguous(wanted);
    const group = named[0] ?? groups.find(({ id }) => id === wanted);
    return group === undefined ? [] : [group];
  });
}

function ambiguous(name: string): Failure {
  return new Failure(
    'conflict',
    `Several security groups are called ${name.slice(0, 60)}; name the id of the one you mean.`,
    409,
  );
}

function toGroup({ id, name, security_group_rules: rules = [] }: NeutronGroup): SecurityGroup {
  return { id, name, rules: rules.map(toRule) };
}

function toRule(rule: NeutronRule): SecurityGroupRule {
  const protocol = rule.protocol ?? null;
  return {
    direction: rule.direction === 'egress' ? 'egress' : 'ingress',
    ethertype: rule.ethertype ?? 'IPv4',
    protocol: protocol === null ? null : String(protocol),
    portMin: rule.port_range_min ?? null,
    portMax: rule.port_range_max ?? null,
    remoteCidr: rule.remote_ip_prefix ?? null,
    remoteGroupId: rule.remote_group_id ?? null,
    remoteAddressGroupId: rule.remote_address_group_id ?? null,
    description: rule.description ?? null,
  };
}
