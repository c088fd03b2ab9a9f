import type { DemoParent } from '../demo-parent/demo-parent.js';
import type { FakeEc2Process } from '../support/fake-ec2-process.js';

/** How long a scene may take on a busy machine. */
const SCENE_MS = 120_000;

export interface Play {
  readonly parent: DemoParent;
  readonly fake: FakeEc2Process;
  readonly instances: number;
  say(line: string): void;
}

/** `nova boot`: most one by one, some three at a time. Resolves with the uuids when all are ACTIVE. */
export async function bootAll({ parent, instances }: Play): Promise<string[]> {
  const uuids: string[] = [];
  for (let number = 1; uuids.length < instances; number += 1) {
    const count = number % 4 === 0 ? Math.min(3, instances - uuids.length) : 1;
    const flavor = number % 3 === 0 ? 'm1.small' : 'm1.tiny';
    uuids.push(...(await parent.api.boot({ name: `demo-${number}`, count, flavor, metadata: { demo: String(number) } })));
  }
  await Promise.all(uuids.map((uuid) => parent.waitForState(uuid, 'active', SCENE_MS)));
  return uuids;
}

/** Stops a third, reboots some of the others, starts the stopped again. */
export async function turnOffAndOn({ parent }: Play, uuids: readonly string[]): Promise<void> {
  const stopped = uuids.filter((_, index) => index % 3 === 0);
  const rebooted = uuids.filter((_, index) => index % 3 === 1).slice(0, 6);
  await Promise.all(stopped.map((uuid) => parent.api.stop(uuid)));
  await Promise.all(rebooted.map((uuid, index) => parent.api.reboot(uuid, index % 2 === 0 ? 'SOFT' : 'HARD')));
  await Promise.all(stopped.map((uuid) => parent.waitForState(uuid, 'stopped', SCENE_MS)));
  await Promise.all(rebooted.map((uuid) => parent.waitForState(uuid, 'active', SCENE_MS)));
  await Promise.all(stopped.map((uuid) => parent.api.start(uuid)));
  await Promise.all(stopped.map((uuid) => parent.waitForState(uuid, 'active', SCENE_MS)));
}

/** Names, locks, metadata, and what the machine wrote to its console. */
export async function lookAndTouch({ parent, say }: Play, uuid: string): Promise<void> {
  await parent.api.rename(uuid, 'demo-renamed');
  await parent.api.lock(uuid);
  await parent.api.unlock(uuid);
  await parent.api.setMetadata(uuid, { touched: 'yes' });
  const log = await parent.api.consoleLog(uuid);
  say(`console log of ${uuid}: ${JSON.stringify(log.slice(0, 70))}`);
  const actions = await parent.admin.actions(uuid);
  say(`its actions: ${actions.map(({ action }) => String(action)).join(', ')}`);
  const hypervisors = await parent.admin.hypervisors();
  say(`hypervisor-list: ${hypervisors.map(({ hypervisor_hostname: name }) => String(name)).join(', ')}`);
}

/** One boot that finds no room: ERROR, and a fault that a user understands. */
export async function bootWithoutRoom({ parent, fake, say }: Play): Promise<string> {
  await fake.setRoom(0);
  const [uuid = ''] = await parent.api.boot({ name: 'demo-too-many', flavor: 'm1.medium' });
  await parent.waitFor(uuid, (shown) => shown?.vmState === 'error' && shown.taskState === null && shown.fault !== null, SCENE_MS);
  say(`boot without room: ERROR, "${parent.show(uuid)?.fault?.message}"`);
  await fake.setRoom(null);
  return uuid;
}

/** `nova delete` of all of them, one of them by force. */
export async function deleteAll({ parent }: Play, uuids: readonly string[]): Promise<void> {
  await Promise.all(uuids.map((uuid, index) => parent.api.delete(uuid, { force: index === 0 })));
  await Promise.all(uuids.map((uuid) => parent.waitForGone(uuid, SCENE_MS)));
}
