import { join } from 'node:path';
import { repository } from '../support/environment.js';

export const PAGE_FILE = join(repository, 'docs/protocol/differences.md');
