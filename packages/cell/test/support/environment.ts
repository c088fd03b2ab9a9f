import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the services are, as `deploy/dev` found or made them. */
export interface Environment {
  /** `amqp://user:password@host:port/vhost`. */
  readonly amqpUrl: string;
  /** A PostgreSQL server, without a database. */
  readonly pgUrl: string;
  /** Files of a run go below it. */
  readonly work: string;
}

/** The repository's folder, from the compiled tests. */
export const repository = fileURLToPath(new URL('../../../../../', import.meta.url));

export function environment(env: NodeJS.ProcessEnv = process.env): Environment {
  return {
    amqpUrl: env.BURSTCELL_AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672/',
    pgUrl: env.BURSTCELL_PG_URL ?? 'postgresql://postgres@127.0.0.1:5432',
    work: env.BURSTCELL_WORK ?? join(repository, '.work'),
  };
}

/** A name that no other run has. */
export function uniqueName(what: string): string {
  return `${what}_${randomBytes(4).toString('hex')}`;
}

/** A new folder below the work folder. */
export function runFolder(what: string, { work }: Environment = environment()): string {
  mkdirSync(work, { recursive: true });
  return mkdtempSync(join(work, `${what}-`));
}
