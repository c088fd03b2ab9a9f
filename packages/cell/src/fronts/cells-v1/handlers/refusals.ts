import { nova } from '@burstcell/wire';
import type { Handler, Incoming } from './handler.js';

/** Questions that a cell in front of a cloud has no host to put to. Answered, since silence lasts a minute at the parent. */
export const refusals: readonly Handler[] = [
  // nova-compute's fake and most drivers refuse it likewise: `nova hypervisor-uptime` shows "not supported".
  {
    method: 'get_host_uptime',
    types: ['targeted'],
    handle: () => ({ failure: nova.notImplemented('A cloud behind this cell has no uptime of its own.') }),
  },
  {
    method: 'proxy_rpc_to_manager',
    types: ['targeted'],
    handle: ({ args }: Incoming) => ({ failure: nova.computeHostNotFound(String(args.host_name)) }),
  },
];
