import type { Handler, HandlerTools, Incoming } from './handler.js';

/** A parent's nova-cells has started and knows nothing of us yet. */
export const announceCapabilities: Handler = {
  method: 'announce_capabilities',
  types: ['targeted'],
  handle: (_incoming: Incoming, { pulse }: HandlerTools) => {
    pulse.capabilities();
    return 'nothing';
  },
};

export const announceCapacities: Handler = {
  method: 'announce_capacities',
  types: ['targeted'],
  handle: (_incoming: Incoming, { pulse }: HandlerTools) => {
    pulse.capacities();
    return 'nothing';
  },
};
