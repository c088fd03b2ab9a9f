import { isRepeatable, type Launch, type LaunchOptions, ProviderError, type ProviderInstance } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { launchRefusal } from '../groups/missing-groups.js';
import type { RefusalScope } from '../limits/error-table.js';
import { ec2Cause, errorRow } from '../limits/errors.js';
import { readOffering } from '../planning/offering-parameters.js';
import { type Place, refusalKey } from '../planning/unavailable.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import { observe } from '../watching/observe.js';
import { type LaunchParameters, readLaunch } from './freeze.js';
import { ownershipFilter, TAG } from './tags.js';

/**
 * Carries out a frozen launch: EC2 starts as many of its members as there is room for, by launch index, and
 * the offering is remembered as full when some found none. If we die after EC2 took it, the same launch
 * gives the same machines: EC2 folds the token. When the answer is lost, machines that carry the token's tag
 * are looked for once before the caller is told to repeat.
 */
export async function launch(
  ec2: Ec2Context,
  frozen: Launch,
  { signal, admitted = false }: LaunchOptions = {},
): Promise<ReadonlyMap<string, ProviderInstance>> {
  const parameters = readLaunch(frozen);
  const instances = await started(ec2, { frozen, parameters, signal, admitted });
  ec2.young.note(instances.map(({ instanceId }) => instanceId));
  const observed = await observe(ec2, instances, signal);
  return new Map(frozen.members.flatMap((uuid, at) => (observed[at] ? [[uuid, observed[at]] as const] : [])));
}

interface Attempt {
  readonly frozen: Launch;
  readonly parameters: LaunchParameters;
  readonly signal: AbortSignal | undefined;
  /** The budget has let this request pass already. */
  readonly admitted: boolean;
}

async function started(ec2: Ec2Context, attempt: Attempt): Promise<readonly Ec2Instance[]> {
  try {
    const instances = byIndex(attempt, await runWithKey(ec2, attempt));
    if (instances.length < attempt.frozen.members.length) await markFull(ec2, attempt.frozen, 'offering');
    return instances;
  } catch (error) {
    const found = isRepeatable(error) && !attempt.signal?.aborted ? await findByToken(ec2, attempt) : undefined;
    if (found) return found;
    await rememberRefusal(ec2, attempt.frozen, error);
    throw await launchRefusal(ec2, error, attempt.parameters.run);
  }
}

/** Somebody may have deleted the key pair since: it is imported again, once, and the launch keeps its token. */
async function runWithKey(ec2: Ec2Context, attempt: Attempt): Promise<readonly Ec2Instance[]> {
  const { key } = attempt.parameters;
  if (!key) return run(ec2, attempt);

  await ec2.keyPairs.ensure(key, attempt.signal);
  try {
    return await run(ec2, attempt);
  } catch (error) {
    if (ec2Cause(error)?.code !== 'InvalidKeyPair.NotFound') throw error;
  }
  ec2.keyPairs.forget(key.name);
  await ec2.keyPairs.ensure(key, attempt.signal);
  return run(ec2, { ...attempt, admitted: false });
}

function run(ec2: Ec2Context, { frozen, parameters, signal, admitted }: Attempt): Promise<readonly Ec2Instance[]> {
  return ec2.calls.once({
    action: 'RunInstances',
    requests: admitted ? 0 : 1,
    instances: frozen.members.length,
    signal,
    context: contextOf(frozen),
    // AWS: the largest number it can start between the two; the same parameters at every repeat.
    run: (api, options) => api.runInstances({ ...parameters.run, minCount: 1 }, options),
  });
}

/** An endpoint that answers with none is asked again like one that did not answer. */
function byIndex({ frozen }: Attempt, instances: readonly Ec2Instance[]): readonly Ec2Instance[] {
  if (instances.length === 0) throw new ProviderError('unavailable', `launch ${frozen.token}: no machines so far`);
  return [...instances].sort((a, b) => a.launchIndex - b.launchIndex).slice(0, frozen.members.length);
}

/** All of them or nothing: fewer may be all there are, or all that reads show yet; only the token can tell. */
async function findByToken(ec2: Ec2Context, { frozen, signal }: Attempt): Promise<readonly Ec2Instance[] | undefined> {
  try {
    const { instances } = await ec2.calls.once({
      action: 'DescribeInstances',
      signal,
      run: (api, options) =>
        api.describeInstances({ filters: { ...ownershipFilter(ec2.config), [`tag:${TAG.launch}`]: [frozen.token] } }, options),
    });
    return instances.length === frozen.members.length ? [...instances].sort((a, b) => a.launchIndex - b.launchIndex) : undefined;
  } catch {
    // The launch's own failure says more; the caller repeats the launch anyway.
    return undefined;
  }
}

async function rememberRefusal(ec2: Ec2Context, frozen: Launch, error: unknown): Promise<void> {
  const cause = ec2Cause(error);
  const scope = cause && errorRow(cause).refuses;
  if (scope) await markFull(ec2, frozen, scope, cause.code);
}

async function markFull(ec2: Ec2Context, frozen: Launch, scope: RefusalScope, code = 'fewer than asked for'): Promise<void> {
  const key = refusalKey(scope, placeOf(frozen));
  await ec2.refusals.mark(key, ec2.clock.now() + ec2.config.refusalMemoryMs);
  ec2.log.info('EC2 refused an offering; it is passed over for a while', { key, code, token: frozen.token });
}

function placeOf({ offering }: Launch): Place {
  const { instanceType, market, subnetId } = readOffering(offering);
  return { instanceType, market, subnetId, zone: offering.zone };
}

function contextOf(frozen: Launch) {
  const { instanceType, subnetId, imageId } = readOffering(frozen.offering);
  return { zone: frozen.offering.zone, instanceType, subnet: subnetId, image: imageId };
}
