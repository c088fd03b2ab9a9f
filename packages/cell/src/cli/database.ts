import { migrate, openStore, schemaStatus } from '@burstcell/store';
import type { DatabasePort } from './cli-context.js';

/** Commands make no reports, so how those are spaced does not matter to them. */
const NO_REPORTS = { poolSize: 1, reportGapMs: 0, settleMs: 0 };

/** The real database behind the commands. */
export const database: DatabasePort = {
  open: (url) => openStore({ url, ...NO_REPORTS }),
  migrate: (url) => migrate(url),
  status: (url) => schemaStatus(url),
};
