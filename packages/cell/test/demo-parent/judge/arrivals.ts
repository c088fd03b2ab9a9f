import type { JsonObject } from '../json.js';
import type { Tables } from '../tables.js';
import type { Findings } from '../violations.js';
import type { InstanceChange } from './change.js';

interface Said {
  vmState: string | null;
  launchedAt: boolean;
  host: boolean;
}

/**
 * What the child has said of each instance, in the order it was said. The parent's threads may store updates in
 * another order; these rules judge the child, not the threads.
 */
export class Arrivals {
  private readonly said = new Map<string, Said>();
  constructor(private readonly tables: Tables) {}

  note(change: InstanceChange, findings: Findings): void {
    const before = this.said.get(change.uuid) ?? this.fromRow(change.uuid);
    const { vm_state: vmState } = change.columns;
    const now: Said = {
      vmState: typeof vmState === 'string' ? vmState : before.vmState,
      launchedAt: isSet(change.columns, 'launched_at', before.launchedAt),
      host: isSet(change.columns, 'host', before.host),
    };
    this.said.set(change.uuid, now);
    if (vmState === 'building') checkBuilding(before, change.columns, findings);
    if (vmState === 'active') checkActive(now, findings);
  }

  forget(uuid: string): void {
    this.said.delete(uuid);
  }

  private fromRow(uuid: string): Said {
    const columns = this.tables.instances.get(uuid)?.columns ?? {};
    const vmState = columns.vm_state;
    return {
      vmState: typeof vmState === 'string' ? vmState : null,
      launchedAt: isSet(columns, 'launched_at', false),
      host: isSet(columns, 'host', false),
    };
  }
}

function isSet(columns: JsonObject, column: string, before: boolean): boolean {
  return column in columns ? columns[column] !== null && columns[column] !== '' : before;
}

function checkBuilding(before: Said, columns: JsonObject, findings: Findings): void {
  if (before.vmState !== null && before.vmState !== 'building') {
    findings.add('lost', 'building-after', `building after ${before.vmState}: refused by the guard, or a step back`);
  }
  if (isSet(columns, 'launched_at', false)) findings.add('harm', 'building-launched', 'building with launched_at set');
}

/** Without both a user can do nothing with the server (409 at the API). */
function checkActive(now: Said, findings: Findings): void {
  if (!now.host) findings.add('harm', 'active-without-host', 'active, and no host was ever said');
  if (!now.launchedAt) findings.add('harm', 'active-without-launched-at', 'active, and launched_at was never said');
}
