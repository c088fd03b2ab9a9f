import type { Progress, ProviderInstance } from '@burstcell/provider';
import type { ProviderInstanceRow } from '@burstcell/store';
import { CONVERGE_MS } from '../timings.js';
import { converge } from './converge.js';
import { freshMachine, machineOf } from './machine.js';
import type { OperationContext, Wait } from './verb.js';

/**
 * Sees to it that a machine that runs has the public address that policy or its user wishes, and answers the machine as it
 * is then; else the wait until the next try. Nothing is recorded in between: each try looks at what the provider has.
 */
export async function withAddress(context: OperationContext, row: ProviderInstanceRow): Promise<ProviderInstance | Wait> {
  const { provider, instance, operation, signal } = context;
  const { ensureAddress } = provider;
  if (ensureAddress === undefined) return machineOf(row);
  const wish = { uuid: instance.uuid, metadata: instance.metadata };
  const at = operation.step ?? 'booting';
  let isWished = true;
  const step = async (): Promise<Progress> => {
    const progress = await ensureAddress.call(provider, row.providerId, wish, { signal });
    isWished = progress !== 'not-wished';
    return progress === 'not-wished' ? 'done' : progress;
  };
  const wait = await converge(context, { row, at, step });
  if (wait !== null || !isWished) return wait ?? machineOf(row);
  const fresh = await freshMachine(context, row);
  return fresh?.state === 'running' ? fresh : { step: 'wait', at, delayMs: CONVERGE_MS };
}
