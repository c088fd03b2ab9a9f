import type { Store } from '@burstcell/store';
import { parseTime } from '@burstcell/wire';
import { goneWrites, report } from '../../../operations/endings.js';
import { SYNC_PAGE } from '../../../timings.js';
import type { Handler, HandlerTools, Incoming, Outcome } from './handler.js';

/** os-cells/sync_instances: everything that matches is said again. Repeat-safe: a report is one entry an instance. */
export const syncInstances: Handler = {
  method: 'sync_instances',
  types: ['broadcast'],
  async handle({ args }: Incoming, { store, log }: HandlerTools): Promise<Outcome> {
    const since = parseTime(args.updated_since);
    const query = {
      ...(typeof args.project_id === 'string' ? { projectId: args.project_id } : {}),
      ...(since === null ? {} : { since }),
      deleted: args.deleted === true,
    };
    const said = await sayAll(store, query);
    log.info({ ...query, instances: said }, 'instances are told to the parent again, as it asked');
    return 'nothing';
  },
};

async function sayAll(store: Store, query: { projectId?: string; since?: Date; deleted: boolean }): Promise<number> {
  let said = 0;
  let afterId = 0;
  for (;;) {
    const page = await store.instances.changed({ ...query, afterId, limit: SYNC_PAGE });
    if (page.length === 0) return said;
    const writes = page.flatMap((row) => (row.deleted ? goneWrites(row.uuid) : [report(row.uuid)]));
    await store.commit({ writes });
    said += page.length;
    afterId = page.at(-1)?.id ?? afterId;
  }
}
