import type { ProviderSnapshot } from '../abilities.js';
import { ProviderError } from '../errors.js';
import type { Site } from './cloud-state.js';
import type { Machine } from './machine.js';
import { extrasOf } from './machine-extras.js';
import { refusal } from './rules.js';

export interface SnapshotRecord {
  readonly snapshotId: string;
  readonly name: string;
  readonly sizeGb: number;
  readonly begunAtMs: number;
  isBroken: boolean;
}

const PREFIX = 'snap-';
const STATES: readonly Machine['state'][] = ['running', 'paused', 'suspended', 'stopped'];

export function isSnapshotId(id: string): boolean {
  return id.startsWith(PREFIX);
}

/** The token goes first, so that a repeat is answered even when the machine has ended. */
export function snapshotMachine(
  site: Site,
  machine: Machine,
  { name, token }: { readonly name: string; readonly token: string },
): ProviderSnapshot {
  const { state, settings } = site;
  const knownId = state.snapshotTokens.get(token);
  if (knownId !== undefined) return replay(site, knownId);
  if (!STATES.includes(machine.state)) throw refusal('snapshotted', machine);
  const snapshotId = `${PREFIX}${(state.nextDiskSerial++).toString(16).padStart(12, '0')}`;
  const record = { snapshotId, name, sizeGb: machine.demand.diskGb, begunAtMs: settings.clock.now(), isBroken: false };
  state.snapshots.set(snapshotId, record);
  state.snapshotTokens.set(token, snapshotId);
  extrasOf(machine).effects.snapshot += 1;
  return shown(site, record);
}

export function describeSnapshots(site: Site, snapshotIds: readonly string[]): Map<string, ProviderSnapshot> {
  const found = snapshotIds.flatMap((id) => site.state.snapshots.get(id) ?? []);
  return new Map(found.map((record) => [record.snapshotId, shown(site, record)]));
}

export function snapshotStateOf(site: Site, snapshotId: string): ProviderSnapshot['state'] | undefined {
  return describeSnapshots(site, [snapshotId]).get(snapshotId)?.state;
}

function replay(site: Site, snapshotId: string): ProviderSnapshot {
  const record = site.state.snapshots.get(snapshotId);
  if (record !== undefined) return shown(site, record);
  throw new ProviderError('conflict', `snapshot ${snapshotId} was deleted`, { code: 'TokenTerminated' });
}

function shown({ settings }: Site, { snapshotId, sizeGb, begunAtMs, isBroken }: SnapshotRecord): ProviderSnapshot {
  const passedMs = settings.clock.now() - begunAtMs;
  const progress = settings.snapshotMs <= 0 ? 100 : Math.min(100, Math.floor((100 * passedMs) / settings.snapshotMs));
  if (isBroken) return { snapshotId, sizeGb, state: 'error', progress: null };
  return { snapshotId, sizeGb, state: progress < 100 ? 'pending' : 'available', progress };
}
