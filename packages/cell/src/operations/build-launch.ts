import { kindOf, type Launch, type LaunchRequest, type Offering, ProviderError } from '@burstcell/provider';
import type { JsonObject, LaunchRow, Write } from '@burstcell/store';
import { TaskState } from '../states.js';
import { MAX_LAUNCH_ATTEMPTS } from '../timings.js';
import { noteSecurityGroups, withSecurityGroups } from './build-groups.js';
import { launched } from './build-machine.js';
import { requestOf } from './build-request.js';
import { BUILD } from './build-steps.js';
import { report } from './endings.js';
import { Failure } from './failure.js';
import { type LaunchOutcome, type LaunchWish, withoutRoom } from './launcher.js';
import type { OperationContext, Step } from './verb.js';

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
 * The launch whose answer never came to be recorded; what another member of it recorded does not count
 * for us. An open launch always goes first, whatever the memo says: a new one beside it would be a second machine.
 */
export async function launchUnderWay(context: OperationContext): Promise<LaunchRow | null> {
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
export async function launching(
  context: OperationContext,
  underWay: LaunchRow | null,
  providerImageId: string | null,
): Promise<Step> {
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
  if (operation.verb === BUILD || memo.before !== undefined) return memo;
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

function memoToJson(memo: Memo): JsonObject {
  return { ...memo } as JsonObject;
}
