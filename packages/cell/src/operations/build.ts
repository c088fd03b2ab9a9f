import {
  kindOf,
  type Launch,
  type LaunchRequest,
  type Offering,
  ProviderError,
  type ProviderInstance,
} from '@burstcell/provider';
import type { JsonObject, LaunchRow, ProviderInstanceRow, Write } from '@burstcell/store';
import { PowerState, TaskState, VmState } from '../states.js';
import { MAX_LAUNCH_ATTEMPTS, WAIT_SAFETY_MS } from '../timings.js';
import { withAddress } from './build-address.js';
import { existingVolumes, rootVolume } from './build-disks.js';
import { noteSecurityGroups, withSecurityGroups } from './build-groups.js';
import { buildParameters } from './build-parameters.js';
import { reserveRoot, rooted } from './build-root.js';
import { attachAll, devicesOf, freeUnused, volumesToAttach } from './build-volumes.js';
import { disposeWrites } from './dispose.js';
import { report } from './endings.js';
import { Failure } from './failure.js';
import { hintedZones } from './hinted-zones.js';
import { importedImage } from './image-import.js';
import { ownImage } from './image-record.js';
import { launchRequest } from './launch-request.js';
import { type LaunchOutcome, type LaunchWish, withoutRoom } from './launcher.js';
import { machineOf, machineWrite } from './machine.js';
import { makeVolumes, unmakeWrites } from './make-volumes.js';
import { networkInfo } from './network-info.js';
import { type Done, done, type OperationContext, type Step, type Verb, type Wait } from './verb.js';
import { volumesZone } from './volume-zone.js';

/** What a build writes down for itself. */
interface Memo {
  /** Token of the launch under way; null when the last came to nothing. */
  readonly token?: string | null;
  /** Keys of the offerings that had no room. */
  readonly refused?: readonly string[];
  /** Number of launches frozen so far for this instance; part of the next token. */
  readonly launches?: number;
  /** Those of them that are of an earlier life: an unshelved instance was built once before. */
  readonly before?: number;
}

/**
 * `nova boot`, from the parent's cast on. Steps: (none) choose and freeze → `launching` call,
 * replayed with the same token after a crash → `booting` until it runs and has its addresses. Volumes have steps of their own
 * ({@link ./build-steps.ts}).
 * Dying before the record of a launch leaves nothing; after it, the same launch is called again.
 */
export const build: Verb = {
  name: 'build',
  action: 'create',
  taskState: null,
  from: 'any',
  deadline: 'build',
  failsTo: VmState.ERROR,
  launches: true,

  run: (context) => buildLike(context, null),

  /** The row is ERROR at once; whatever was started for it is ended in its own time. */
  afterFailure: (context, failure) => [...disposeWrites(context), ...freeUnused(context, failure)],

  clearsAway: unmakeWrites,
};

/** Starts a machine for the instance, from an image of the cell's own where one is given, and waits until it runs. */
export async function buildLike(context: OperationContext, providerImageId: string | null): Promise<Step> {
  const { step } = context.operation;
  if (step === 'rooting') return rooting(context);
  if (step === 'booting' || step === 'attaching') return booting(context);
  const underWay = await launchUnderWay(context);
  const waiting = underWay === null ? await volumesFirst(context) : null;
  if (waiting !== null) return waiting;
  if (rootVolume(devicesOf(context)) !== null) return launching(context, underWay, null);
  const imageId = providerImageId ?? (await importedImage(context, underWay !== null));
  if (imageId !== null && typeof imageId !== 'string') return imageId;
  return launching(context, underWay, imageId);
}

/** What volumes ask for before a machine is started for them. Null: nothing more. */
async function volumesFirst(context: OperationContext): Promise<Wait | null> {
  if (!devicesOf(context).some(({ destination_type: destination }) => destination === 'volume')) return null;
  const zone = await wantedZone(context);
  return (await makeVolumes(context, zone)) ?? reserveRoot(context, zone);
}

/**
 * The launch whose answer never came to be recorded; what another member of it recorded does not count
 * for us. An open launch always goes first, whatever the memo says: a new one beside it would be a second machine.
 */
async function launchUnderWay(context: OperationContext): Promise<LaunchRow | null> {
  const { step, attempt, memo } = context.operation;
  if (step === null && attempt === 0) return null;
  const { token } = memo as Memo;
  const launches = await context.store.launches.of(context.instance.uuid);
  const open = launches.filter(
    (launch) => launch.outcome === 'intended' || (launch.outcome === 'launched' && launch.token === token),
  );
  return open.at(-1) ?? null;
}

/** Walks the offerings: each is recorded, then tried; one that is full is remembered and left. */
async function launching(context: OperationContext, underWay: LaunchRow | null, providerImageId: string | null): Promise<Step> {
  let memo = await startingMemo(context);
  let outcome = underWay === null ? null : await replayed(context, underWay as unknown as Launch);
  let lastRefusal: ProviderError | undefined;

  for (;;) {
    if (outcome === null) {
      const wish = await nextWish(context, memo, { last: lastRefusal, providerImageId });
      memo = { ...memo, launches: (memo.launches ?? 0) + 1 };
      outcome = await context.launcher.launch({
        ...wish,
        intent: (launch) => [...intentWrites(context, launch, memo), ...noteSecurityGroups(context, wish.request)],
      });
    }
    if ('machine' in outcome) return launched(context, outcome.launch, outcome.machine);
    lastRefusal = refusalOf(outcome.error);
    memo = await left(context, outcome, memo, lastRefusal);
    outcome = null;
    if ((memo.launches ?? 0) - (memo.before ?? 0) >= MAX_LAUNCH_ATTEMPTS) throw lastRefusal;
  }
}

async function replayed({ launcher, instance }: OperationContext, launch: Launch): Promise<LaunchOutcome> {
  try {
    const machine = (await launcher.replay(launch)).get(instance.uuid);
    return machine === undefined ? withoutRoom(launch) : { launch, machine };
  } catch (error) {
    return { launch, error };
  }
}

/** The error, if it says that another launch should be tried; else it goes on up. */
function refusalOf(error: unknown): ProviderError {
  if (error instanceof ProviderError && ['capacity', 'quota', 'conflict'].includes(error.kind)) return error;
  throw error;
}

/** Records that a launch came to nothing. A spent token does not speak against its offering. */
async function left(
  context: OperationContext,
  { launch, ...how }: LaunchOutcome,
  memo: Memo,
  refusal: ProviderError,
): Promise<Memo> {
  const full = refusal.kind !== 'conflict';
  const next: Memo = {
    ...memo,
    token: null,
    launches: memo.launches ?? 0,
    refused: full ? [...(memo.refused ?? []), launch.offering.key] : (memo.refused ?? []),
  };
  const settled = 'isPartial' in how ? 'launched' : full ? 'refused' : 'abandoned';
  await context.record([
    { write: 'settle-launch', token: launch.token, outcome: settled, reason: refusal.message },
    { write: 'save-operation', id: context.operation.id, memo: memoToJson(next) },
  ]);
  if (full) context.capacityChanged();
  return next;
}

/** A token of an earlier life must not come again: its launches are counted on. */
async function startingMemo({ operation, store, instance }: OperationContext): Promise<Memo> {
  const memo = operation.memo as Memo;
  if (operation.verb === build.name || memo.before !== undefined) return memo;
  const before = (await store.launches.of(instance.uuid)).length;
  return { ...memo, before, launches: Math.max(memo.launches ?? 0, before) };
}

interface Wanted {
  readonly last: ProviderError | undefined;
  readonly providerImageId: string | null;
}

async function nextWish(
  context: OperationContext,
  memo: Memo,
  { last, providerImageId }: Wanted,
): Promise<Omit<LaunchWish, 'intent'>> {
  const usual = await withSecurityGroups(context, await requestOf(context));
  const request = providerImageId === null ? usual : { ...usual, image: { ...usual.image, providerImageId } };
  const offering = await nextOffering(context, request, memo, last);
  return { operation: context.operation, request, offering, attempt: (memo.launches ?? 0) + 1 };
}

async function nextOffering(
  context: OperationContext,
  request: LaunchRequest,
  memo: Memo,
  last: ProviderError | undefined,
): Promise<Offering> {
  const refused = new Set(memo.refused ?? []);
  try {
    const offerings = await context.provider.offerings(request, { signal: context.signal });
    const offering = offerings.find((each) => !refused.has(each.key));
    if (offering !== undefined) return offering;
  } catch (error) {
    // The provider remembers what refused us just now; that refusal itself tells the user more.
    if (kindOf(error) !== 'capacity' || last === undefined) throw error;
  }
  throw noneLeft(refused.size, last);
}

/** A spent limit is told as it is: more places of the same account would not have helped. */
function noneLeft(tried: number, last: ProviderError | undefined): Error {
  if (last?.kind === 'quota') return last;
  if (tried === 0) return last ?? new ProviderError('capacity', 'No zone or type of this cell has room for this flavor now.');
  return new Failure('capacity', `No room: ${tried} offering(s) were tried and refused. ${last?.userMessage ?? ''}`.trim(), 503);
}

async function requestOf(context: OperationContext): Promise<LaunchRequest> {
  const { instance, operation, hosts, store } = context;
  const hints = (operation.parameters.schedulerHints ?? {}) as JsonObject;
  const [disabledZones, zone, publicKey, zonesOfHinted] = await Promise.all([
    hosts.disabledZones(),
    wantedZone(context),
    publicKeyOf(context),
    hintedZones(store, hosts, hints),
  ]);
  const heldIn = await volumesZone(context, devicesOf(context), zone);
  const request = launchRequest({
    ...{ instance, parameters: buildParameters(context), zone, disabledZones, publicKey, zonesOfHinted },
    ...(heldIn === undefined ? {} : { volumesZone: heldIn }),
  });
  return { ...request, image: await ownImage(context, request.image) };
}

async function wantedZone({ operation, hosts }: OperationContext): Promise<string | null> {
  const { zone } = operation.parameters;
  const { zones } = await hosts.shape();
  return zoneFor(
    typeof zone === 'string' ? zone : null,
    zones.map(({ name }) => name),
  );
}

/** `nova` is the parent's name for "no zone in particular" (default_availability_zone), unless the cloud has one so called. */
function zoneFor(wanted: string | null, zones: readonly string[]): string | null {
  if (wanted === null || zones.includes(wanted)) return wanted;
  if (wanted === 'nova') return null;
  throw new Failure('invalid', `Availability zone ${wanted} is not in this cell; it has ${zones.join(', ')}.`, 400);
}

async function publicKeyOf({ instance, parent, signal }: OperationContext): Promise<string | null> {
  if (instance.key_name === null || instance.key_data !== null || instance.user_id === null) return instance.key_data;
  return parent.publicKey(instance.user_id, instance.key_name, signal);
}

/** From here on the instance has a host: the parent can address it. */
function intentWrites(context: OperationContext, launch: Launch, memo: Memo): readonly Write[] {
  const { instance, operation, hosts } = context;
  const host = hosts.hostOf(launch.offering.zone);
  const hints = { ...(operation.parameters.reportHints as JsonObject), placed: true };
  return [
    { write: 'save-operation', id: operation.id, step: 'launching', memo: memoToJson({ ...memo, token: launch.token }) },
    {
      write: 'patch-instance',
      uuid: instance.uuid,
      set: { host, node: host, launched_on: host, availability_zone: launch.offering.zone, task_state: TaskState.SPAWNING },
    },
    report(instance.uuid, context.earlyReportMs, hints),
  ];
}

async function launched(context: OperationContext, launch: Launch, machine: ProviderInstance): Promise<Step> {
  const settled: Write = { write: 'settle-launch', token: launch.token, outcome: 'launched' };
  const isRunning = machine.state === 'running';
  const hasVolumes = existingVolumes(devicesOf(context)).length > 0;
  const hasAddresses = context.provider.ensureAddress !== undefined;
  if (isRunning && !hasVolumes && !hasAddresses) return active(context, machine, [settled]);
  return {
    step: 'wait',
    at: isRunning && !hasAddresses ? afterBoot(context) : 'booting',
    delayMs: isRunning ? 0 : WAIT_SAFETY_MS,
    writes: [settled, machineWrite(context.instance.uuid, machine, context.now(), 0)],
  };
}

function afterBoot(context: OperationContext): 'rooting' | 'attaching' {
  return rootVolume(devicesOf(context)) === null ? 'attaching' : 'rooting';
}

async function knownMachine(context: OperationContext): Promise<ProviderInstanceRow> {
  const row = await context.machine();
  if (row === null) throw new Failure('unavailable', 'The machine of this instance is not known any more.', 503);
  return row;
}

/** It is stopped and started on the way: only the provider knows when it runs from its volume. */
async function rooting(context: OperationContext): Promise<Step> {
  const done = await rooted(context, await knownMachine(context));
  if ('step' in done) return done;
  const { machine, writes } = done;
  if (volumesToAttach(context).length === 0) return active(context, machine, writes);
  const known = machineWrite(context.instance.uuid, machine, context.now(), null);
  return { step: 'wait', at: 'attaching', delayMs: 0, writes: [...writes, known] };
}

async function booting(context: OperationContext): Promise<Step> {
  const row = await knownMachine(context);
  const machine = machineOf(row);
  if (machine.state === 'running') {
    const addressed = await withAddress(context, row);
    return 'step' in addressed ? addressed : withVolumes(context, addressed);
  }
  if (machine.state === 'pending') return { step: 'wait', at: 'booting', delayMs: WAIT_SAFETY_MS };
  throw new Failure(
    'unavailable',
    `The machine ended while it was starting${machine.reason === null ? '.' : `: ${machine.reason}`}`,
    503,
  );
}

/** What fails from here on has volumes to give back: the step says so. */
async function withVolumes(context: OperationContext, machine: ProviderInstance): Promise<Step> {
  if (existingVolumes(devicesOf(context)).length === 0) return active(context, machine, []);
  if (context.operation.step !== 'attaching') return { step: 'wait', at: afterBoot(context), delayMs: 0 };
  return active(context, machine, await attachAll(context, machine));
}

function active(context: OperationContext, machine: ProviderInstance, more: readonly Write[]): Done {
  const { instance, hosts } = context;
  const host = hosts.hostOf(machine.zone);
  const now = context.now();
  return done([
    ...more,
    machineWrite(instance.uuid, machine, now, null),
    {
      write: 'patch-instance',
      uuid: instance.uuid,
      set: {
        vm_state: VmState.ACTIVE,
        task_state: null,
        power_state: PowerState.RUNNING,
        launched_at: now,
        host,
        node: host,
        launched_on: host,
        availability_zone: machine.zone,
        root_device_name: machine.rootDeviceName ?? '/dev/sda',
      },
    },
    { write: 'set-network-info', uuid: instance.uuid, networkInfo: networkInfo(machine) },
  ]);
}

function memoToJson(memo: Memo): JsonObject {
  return { ...memo } as JsonObject;
}
