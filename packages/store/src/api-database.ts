import { Kysely, MysqlDialect, PostgresDialect } from 'kysely';
import mysql from 'mysql2';
import pg from 'pg';
import { connectionOptions } from './database.js';
import { StoreError } from './errors.js';
import { CONNECT_TIMEOUT_MS } from './timings.js';
import { type DatabaseUrl, parseDatabaseUrl } from './url.js';

/**
 * The parent's nova API database (`[api_database] connection`), which a child's conductor shares with it from Newton on.
 * Every method may be repeated, and rejects with `unavailable` when the database is away.
 */
export interface ApiDatabase {
  /**
   * Removes the build requests of instances that were reported to the parent: what a child's conductor does once an
   * instance is in its cell (nova/conductor/manager.py `_destroy_build_request`, Newton to Rocky). Until then
   * `nova list` shows a copy in state BUILD, even after the instance is deleted, and Newton's `show` too.
   *
   * `instance_mappings` stay while the parent has the instance: a conductor without host mapping removes them, and
   * a Rocky parent then answers its delete with 500 InstanceMappingNotFound (`_update_queued_for_deletion`).
   * `request_specs` are kept by every conductor. See {@link forget}.
   */
  tidy(uuids: readonly string[]): Promise<void>;

  /**
   * Removes what is left of instances that are deleted at the parent: build requests, mappings and request specs, as
   * `nova-manage db archive_deleted_rows` would (Rocky). Call it when the parent's API has long answered the delete: Rocky
   * looks for the mapping after it has sent the verb.
   */
  forget(uuids: readonly string[]): Promise<void>;

  /**
   * Makes the mapping of instances that the parent's API did not boot; one that is there stays as it is. Without it a Rocky
   * parent answers their delete with 500 InstanceMappingNotFound. The cell stays null, as for every server of cells v1.
   */
  map(instances: readonly { readonly uuid: string; readonly projectId: string }[]): Promise<void>;

  close(): Promise<void>;
}

interface ApiTables {
  build_requests: { instance_uuid: string };
  instance_mappings: { instance_uuid: string; project_id: string; cell_id: number | null };
  request_specs: { instance_uuid: string };
}

/** Opens no connection yet. Understands PostgreSQL's, MySQL's and SQLAlchemy's URLs; throws `bad-value` for others. */
export function openApiDatabase(url: string): ApiDatabase {
  const db = new Kysely<ApiTables>({ dialect: dialectOf(parseDatabaseUrl(url)) });
  return {
    tidy: (uuids) => remove(db, ['build_requests'], uuids),
    forget: (uuids) => remove(db, ['build_requests', 'request_specs', 'instance_mappings'], uuids),
    map: (instances) => map(db, instances),
    close: () => db.destroy(),
  };
}

/** Two at a time are plenty: rows are removed by lists. */
const CONNECTIONS = 2;

function dialectOf({ dialect, url }: DatabaseUrl): PostgresDialect | MysqlDialect {
  if (dialect === 'mysql') {
    const pool = mysql.createPool({ uri: url, connectionLimit: CONNECTIONS, connectTimeout: CONNECT_TIMEOUT_MS });
    return new MysqlDialect({ pool });
  }
  const pool = new pg.Pool({ ...connectionOptions(url), max: CONNECTIONS });
  pool.on('error', () => {});
  return new PostgresDialect({ pool });
}

type ApiTable = keyof ApiTables;

async function remove(db: Kysely<ApiTables>, tables: readonly ApiTable[], uuids: readonly string[]): Promise<void> {
  if (uuids.length === 0) return;
  for (const table of tables) {
    try {
      await db
        .deleteFrom(table)
        .where('instance_uuid', 'in', [...uuids])
        .execute();
    } catch (error) {
      // Before Mitaka there are no such tables, and a later nova may drop one.
      if (!isMissingTable(error)) throw new StoreError('unavailable', `the API database: ${messageOf(error)}`, { cause: error });
    }
  }
}

/** One by one: there are few, and the two engines have no common word for "unless it is there". */
async function map(db: Kysely<ApiTables>, instances: Parameters<ApiDatabase['map']>[0]): Promise<void> {
  for (const { uuid, projectId } of instances) {
    const row = { instance_uuid: uuid, project_id: projectId, cell_id: null };
    try {
      await db.insertInto('instance_mappings').values(row).execute();
    } catch (error) {
      if (!isDuplicate(error)) throw new StoreError('unavailable', `the API database: ${messageOf(error)}`, { cause: error });
    }
  }
}

/** PostgreSQL's unique_violation, MySQL's ER_DUP_ENTRY. */
function isDuplicate(error: unknown): boolean {
  return ['23505', 'ER_DUP_ENTRY'].includes(codeOf(error));
}

/** PostgreSQL's undefined_table, MySQL's ER_NO_SUCH_TABLE. */
function isMissingTable(error: unknown): boolean {
  return ['42P01', 'ER_NO_SUCH_TABLE'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
