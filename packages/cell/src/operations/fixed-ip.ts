import { livingMachineRow } from './change-state.js';
import { freshMachine, machineOf, machineWrite } from './machine.js';
import { networkInfo } from './network-info.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';

/** `nova add-fixed-ip`: one more address from a network. */
export const addFixedIp: Verb = {
  name: 'add-fixed-ip',
  action: null,
  taskState: null,
  from: 'any',
  deadline: 'verb',
  needs: ['addFixedIp'],

  async run(context: OperationContext): Promise<Step> {
    const { provider, operation, signal } = context;
    const row = await livingMachineRow(context);
    const networkId = argument(context);
    await provider.addFixedIp?.(row.providerId, { networkId, token: operation.cause }, { signal });
    return withAddresses(context);
  },
};

/** `nova remove-fixed-ip`. */
export const removeFixedIp: Verb = {
  name: 'remove-fixed-ip',
  action: null,
  taskState: null,
  from: 'any',
  deadline: 'verb',
  needs: ['removeFixedIp'],

  async run(context: OperationContext): Promise<Step> {
    const row = await livingMachineRow(context);
    const address = argument(context);
    if (address !== null) await context.provider.removeFixedIp?.(row.providerId, address, { signal: context.signal });
    return withAddresses(context);
  },
};

/** The first argument after the uuid: a network id or an address. */
function argument({ operation }: OperationContext): string | null {
  const [first] = Array.isArray(operation.parameters.args) ? operation.parameters.args : [];
  return typeof first === 'string' ? first : null;
}

async function withAddresses(context: OperationContext): Promise<Step> {
  const row = await livingMachineRow(context);
  const machine = (await freshMachine(context, row)) ?? machineOf(row);
  const { uuid } = context.instance;
  return done([
    machineWrite(uuid, machine, context.now(), null),
    { write: 'set-network-info', uuid, networkInfo: networkInfo(machine) },
  ]);
}
