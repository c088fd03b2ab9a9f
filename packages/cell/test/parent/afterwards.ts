import { belongsTo } from './belonging.js';
import type { Machine } from './child.js';
import type { Server } from './rest.js';
import type { Stage } from './stage.js';
import { AGREE_MS, ALL_GONE_MS } from './timings.js';
import { until } from './wait.js';

/** What must hold of the whole when all verbs are done. */
export interface Finding {
  check: string;
  ok: boolean;
  /** What was compared, or what is wrong. */
  note: string;
}

type Ask = (stage: Stage) => Promise<string | undefined>;

/** Parent, API database and cloud compared, first as the verbs left them, then with every server deleted. */
export async function checkAfterwards(stage: Stage): Promise<Finding[]> {
  const findings = [
    await finding(stage, 'nova list shows no ghost', AGREE_MS, ghosts),
    await finding(stage, 'no task is left open', AGREE_MS, openTasks),
    await finding(stage, 'the API database holds no build request', AGREE_MS, buildRequests),
    ...(await ofCloud(stage, 'the cloud holds what the parent shows', AGREE_MS)),
  ];
  await deleteAll(stage);
  findings.push(await finding(stage, 'with every server deleted, the parent shows none', ALL_GONE_MS, anyServer));
  findings.push(...(await ofCloud(stage, 'with every server deleted, the cloud is empty', ALL_GONE_MS)));
  findings.push(
    await finding(stage, 'with every server deleted, the API database holds no build request', AGREE_MS, buildRequests),
  );
  return findings;
}

/** None where there is no cloud to look at from outside: the simulator's machines live in the cell's own process. */
async function ofCloud(stage: Stage, check: string, patienceMs: number): Promise<Finding[]> {
  if ((await stage.child.machines()) !== undefined) return [await finding(stage, check, patienceMs, cloudDiffers)];
  stage.bed.options.say(`skip ${check}: there is no cloud to look at`);
  return [];
}

async function finding(stage: Stage, check: string, patienceMs: number, ask: Ask): Promise<Finding> {
  let complaint: string | undefined;
  await until(async () => {
    complaint = await ask(stage);
    return complaint === undefined;
  }, patienceMs);
  return { check, ok: complaint === undefined, note: complaint ?? '' };
}

/** What the list shows is what the parent's own table holds; a stale build request is listed as a server in BUILD. */
async function ghosts(stage: Stage): Promise<string | undefined> {
  const { bed } = stage;
  const rows = await bed.databases.query<{ uuid: string }>(bed.mainDatabase, 'SELECT uuid FROM instances WHERE deleted = 0');
  const known = rows.map(({ uuid }) => uuid).sort();
  const listed = (await bed.rest.servers()).map(({ id }) => id).sort();
  if (known.join() !== listed.join()) return `listed ${listed.join(', ') || 'none'}; rows ${known.join(', ') || 'none'}`;
  const building = (await bed.rest.servers()).filter(({ status }) => status === 'BUILD');
  return building.length === 0 ? undefined : `still BUILD in the list: ${building.map(({ name }) => name).join(', ')}`;
}

async function openTasks({ bed }: Stage): Promise<string | undefined> {
  const open = (await bed.rest.servers()).filter((server) => server['OS-EXT-STS:task_state'] !== null);
  const texts = open.map((server) => `${server.name} ${server.status} (${server['OS-EXT-STS:task_state']})`);
  return texts.length === 0 ? undefined : texts.join(', ');
}

async function buildRequests({ bed }: Stage): Promise<string | undefined> {
  const rows = await bed.databases.query<{ uuid: string }>(bed.apiDatabase, 'SELECT instance_uuid AS uuid FROM build_requests');
  return rows.length === 0 ? undefined : `${rows.length} build requests: ${rows.map(({ uuid }) => uuid).join(', ')}`;
}

/** One machine for each server that has a host, and none besides. */
async function cloudDiffers(stage: Stage): Promise<string | undefined> {
  const machines = await stage.child.machines();
  if (machines === undefined) return undefined;
  const servers = (await stage.bed.rest.servers()).filter(({ status }) => status !== 'ERROR');
  const machinesFor = (server: Server): Machine[] => machines.filter((machine) => belongsTo(machine, server));
  const without = servers.filter((server) => machinesFor(server).length === 0).map(({ name }) => name);
  const twice = servers.filter((server) => machinesFor(server).length > 1).map(({ name }) => name);
  const nobodys = machines.filter((machine) => !servers.some((server) => belongsTo(machine, server))).map(({ id }) => id);
  if (without.length + twice.length + nobodys.length === 0) return undefined;
  const said = (what: string, names: string[]): string => `${what}: ${names.join(', ') || 'none'}`;
  return [said('servers without machine', without), said('with two', twice), said('machines of nobody', nobodys)].join('; ');
}

async function deleteAll({ bed }: Stage): Promise<void> {
  for (const { id } of await bed.rest.servers()) await bed.rest.call('DELETE', `/servers/${id}`);
}

async function anyServer({ bed }: Stage): Promise<string | undefined> {
  const servers = await bed.rest.servers();
  return servers.length === 0 ? undefined : servers.map(({ name, status }) => `${name} ${status}`).join(', ');
}
