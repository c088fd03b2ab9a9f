import { Ec2Error, errorRow } from '@burstcell/provider-ec2';
import { flavorNamed } from '../demo-parent/flavors.js';
import { isObject } from '../demo-parent/json.js';
import { RemoteError } from '../demo-parent/questions.js';
import type { Wish } from '../demo-parent/verb-forms.js';
import { Refused, type World } from '../releases/world.js';
import { type Ec2Cell, VOLUME_ID, ZONE } from '../support/ec2-cell.js';
import { capacityWord } from './capacity-word.js';
import type { FailureRow, Seen } from './failure-row.js';
import { REST_MS } from './timings.js';

const FLAVOR = flavorNamed('m1.tiny');
const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1cnN0Y2VsbGJ1cnN0Y2VsbGJ1cnN0Y2VsbGJ1cnN0 ops';

/** Where a verb leads when all is well. */
const LEADS_TO: Readonly<Record<string, string>> = { stop: 'stopped', resize: 'resized' };

/** nova records no action for it: its fault is all there is. */
const WITHOUT_ACTION = 'add-fixed-ip';

/** Lets one failure happen and looks at what came of it; the server is deleted afterwards. */
export async function runRow(cell: Ec2Cell, row: FailureRow): Promise<Seen> {
  cell.forget();
  const before = await cell.units();
  const boots = row.verb === 'boot';
  const uuid = boots ? '' : await booted(cell, row);
  const { at: action, code, text, times, when } = row;
  cell.fake.inject({ action, code, times, ...(text === undefined ? {} : { message: text }), ...(when ? { when } : {}) });
  const outcome = boots ? await seenOfBoot(cell, row) : { uuid, sees: await seenOfVerb(cell.world, uuid, row.verb) };
  cell.fake.clearInjections();

  const own = cell.world.parent.show(outcome.uuid)?.vmState === 'error' ? 0 : 1;
  const seen = {
    kind: errorRow(new Ec2Error(code, text ?? '', 400)).kind,
    sees: outcome.sees,
    isNextTried: boots ? await cell.isNextTried(outcome.uuid) : null,
    capacity: capacityWord(before, await cell.units(), FLAVOR.memory_mb),
    machinesLeft: await machinesLeft(cell, own),
  };
  await deleted(cell, outcome.uuid);
  return seen;
}

async function seenOfBoot(cell: Ec2Cell, row: FailureRow): Promise<{ uuid: string; sees: string }> {
  const uuid = await boot(cell, row);
  const isSettled = (shown: ReturnType<typeof cell.world.parent.show>) =>
    shown?.taskState === null && (shown.vmState === 'active' || shown.fault !== null);
  const shown = await cell.world.parent.waitFor(uuid, isSettled, REST_MS);
  return { uuid, sees: shown?.fault ? `${shown.fault.code} ${shown.fault.message}` : 'ACTIVE' };
}

async function booted(cell: Ec2Cell, row: FailureRow): Promise<string> {
  const uuid = await boot(cell, row);
  await cell.world.shows(uuid, 'active');
  return uuid;
}

async function boot({ world }: Ec2Cell, { verb, hasKeyPair, hasAddress }: FailureRow): Promise<string> {
  const [uuid = ''] = await world.parent.api.boot({
    ...{ name: 'one', flavor: FLAVOR.name },
    ...(verb === 'volume-attach' ? { zone: ZONE } : {}),
    ...(hasAddress === true ? { metadata: { elastic_address: 'true' } } : {}),
    ...(hasKeyPair === true ? { keyName: 'ops', keyData: PUBLIC_KEY } : {}),
  });
  return uuid;
}

async function seenOfVerb(world: World, uuid: string, verb: string): Promise<string> {
  if (verb === WITHOUT_ACTION) return faultOfVerb(world, uuid, verb);
  try {
    await world.drive(verb, uuid, LEADS_TO[verb] ?? 'active', wishFor(world, uuid, verb));
    return 'done';
  } catch (error) {
    if (error instanceof Refused || error instanceof RemoteError) return error.message;
    throw error;
  }
}

async function faultOfVerb(world: World, uuid: string, verb: string): Promise<string> {
  const fault = () => world.parent.tables.faults.get(uuid)?.at(-1);
  await world.send(verb, uuid, wishFor(world, uuid, verb));
  await world.until('a fault', () => fault() !== undefined);
  return `${fault()?.code} ${fault()?.message}`;
}

function wishFor(world: World, uuid: string, verb: string): Wish {
  const [vif] = world.row(uuid).network_info;
  const network = isObject(vif) && isObject(vif.network) ? vif.network.id : null;
  if (verb === 'resize') return { flavor: flavorNamed('m1.small') };
  return { volumeId: VOLUME_ID, networkId: String(network) };
}

/** What a failed build has started is ended in its own time. */
async function machinesLeft(cell: Ec2Cell, own: number): Promise<number> {
  await cell.world.eventually('no machine is left over', async () => cell.living() <= own || undefined).catch(() => undefined);
  return cell.living() - own;
}

async function deleted({ world }: Ec2Cell, uuid: string): Promise<void> {
  await world.parent.api.delete(uuid);
  await world.gone(uuid);
}
