import type { DemoParent } from '../demo-parent/demo-parent.js';
import type { FakeEc2Process, FakeInstance } from './fake-ec2-process.js';
import type { ScratchDatabase } from './scratch-database.js';

/** One instance as each of the three knows it; absent: it is not there. */
export interface Triple {
  readonly uuid: string;
  readonly top: { readonly vmState: string; readonly taskState: string | null; readonly host: string | null } | undefined;
  readonly row: { readonly vm_state: string; readonly task_state: string | null; readonly host: string | null } | undefined;
  readonly machines: readonly FakeInstance[];
}

export interface Comparison {
  readonly machines: number;
  readonly top: number;
  readonly rows: number;
  /** Users' servers without a machine, or gone at the top while nobody deleted them. */
  readonly lost: readonly string[];
  /** More than one machine for one server. */
  readonly doubled: readonly string[];
  /** In a task, or still building, at the top or in the row. */
  readonly stuck: readonly string[];
  /** Machines that nobody's server stands for. */
  readonly orphans: readonly string[];
  /** Top and row disagree on state or host. */
  readonly differing: readonly string[];
  /** Build requests left in the API database. */
  readonly ghosts: readonly string[];
}

interface Sources {
  readonly parent: DemoParent;
  readonly database: ScratchDatabase;
  readonly fake: FakeEc2Process;
}

interface RowOf {
  readonly uuid: string;
  readonly vm_state: string;
  readonly task_state: string | null;
  readonly host: string | null;
}

/** States in which a server has a machine. */
const WITH_MACHINE = new Set(['active', 'stopped', 'paused', 'suspended', 'rescued', 'resized']);

/** Puts EC2, the top and the cell's rows side by side. `wanted`: servers that a user booted and did not delete. */
export async function compare(sources: Sources, wanted: ReadonlySet<string>): Promise<Comparison> {
  const triples = await gather(sources);
  const { ghosts } = await sources.parent.list();
  const uuids = (wrong: (triple: Triple) => boolean) => triples.filter(wrong).map(({ uuid }) => uuid);
  const lostAtTop = [...wanted].filter((uuid) => !triples.some((triple) => triple.uuid === uuid && triple.top));
  return {
    machines: triples.reduce((sum, { machines }) => sum + machines.length, 0),
    top: triples.filter(({ top }) => top).length,
    rows: triples.filter(({ row }) => row).length,
    lost: [
      ...lostAtTop,
      ...uuids(({ top, machines }) => top !== undefined && WITH_MACHINE.has(top.vmState) && machines.length === 0),
    ],
    doubled: uuids(({ machines }) => machines.length > 1),
    stuck: uuids(isStuck),
    orphans: uuids(({ top, machines }) => machines.length > 0 && !(top && WITH_MACHINE.has(top.vmState))),
    differing: uuids(differs),
    ghosts,
  };
}

export function isClean(found: Comparison): boolean {
  const { lost, doubled, stuck, orphans, differing, ghosts } = found;
  return [lost, doubled, stuck, orphans, differing, ghosts].every((list) => list.length === 0);
}

function isStuck({ top, row }: Triple): boolean {
  const busyTop = top !== undefined && (top.taskState !== null || top.vmState === 'building');
  const busyRow = row !== undefined && (row.task_state !== null || row.vm_state === 'building');
  return busyTop || busyRow;
}

function differs({ top, row }: Triple): boolean {
  if (!top || !row) return Boolean(top) !== Boolean(row);
  return top.vmState !== row.vm_state || top.taskState !== row.task_state || top.host !== row.host;
}

async function gather({ parent, database, fake }: Sources): Promise<Triple[]> {
  const [{ servers }, rows, living] = await Promise.all([
    parent.list(),
    database.query<RowOf>('select uuid, vm_state, task_state, host from instances where deleted = 0'),
    fake.living(),
  ]);
  const owner = await owners(database, living);
  const byUuid = new Map<string, { -readonly [Key in keyof Triple]: Triple[Key] }>();
  const at = (uuid: string) => {
    const triple = byUuid.get(uuid) ?? { uuid, top: undefined, row: undefined, machines: [] };
    byUuid.set(uuid, triple);
    return triple;
  };
  for (const server of servers) at(server.uuid).top = server;
  for (const row of rows) at(row.uuid).row = row;
  for (const machine of living) {
    const triple = at(owner(machine));
    triple.machines = [...triple.machines, machine];
  }
  return [...byUuid.values()];
}

/** Whose machine it is: by tag when it was launched alone, else by the recorded launch and its index. */
async function owners(database: ScratchDatabase, living: readonly FakeInstance[]): Promise<(machine: FakeInstance) => string> {
  const tokens = living.map((machine) => machine.tags['burstcell:launch'] ?? '');
  const launches = await database.query<{ token: string; members: string[] }>(
    'select token, members from launches where token = any($1)',
    [tokens],
  );
  const members = new Map(launches.map(({ token, members }) => [token, members]));
  return (machine) => {
    const { tags, launchIndex, instanceId } = machine;
    const ofLaunch = members.get(tags['burstcell:launch'] ?? '')?.[launchIndex];
    return tags['burstcell:uuid'] ?? ofLaunch ?? `unknown owner of ${instanceId}`;
  };
}
