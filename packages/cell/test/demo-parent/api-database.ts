import pg from 'pg';

/** The two tables of nova's API database that a boot writes and only a child's conductor clears. */
export interface ApiDatabase {
  booted(instances: readonly { uuid: string; projectId: string; name: string }[]): Promise<void>;
  /** uuids with a build request still there: ghosts in `nova list`. */
  buildRequests(): Promise<ReadonlySet<string>>;
  mappings(): Promise<ReadonlySet<string>>;
  /** What the API itself removes when it deletes an instance whose build request is there. */
  dropBuildRequest(uuid: string): Promise<void>;
  close(): Promise<void>;
}

/** For releases without one, and for runs that do not look at it. */
export const noApiDatabase: ApiDatabase = {
  booted: async () => {},
  buildRequests: async () => new Set(),
  mappings: async () => new Set(),
  dropBuildRequest: async () => {},
  close: async () => {},
};

/** Columns as nova's `db/sqlalchemy/api_migrations` make them, as far as anybody here reads them. */
const TABLES = `
create table if not exists build_requests (
  created_at timestamp, updated_at timestamp, id serial primary key,
  request_spec_id integer, project_id varchar(255) not null, user_id varchar(255),
  display_name varchar(255), instance_uuid varchar(36) unique, instance text,
  block_device_mappings text, tags text);
create table if not exists instance_mappings (
  created_at timestamp, updated_at timestamp, id serial primary key,
  instance_uuid varchar(36) not null unique, cell_id integer, project_id varchar(255) not null,
  queued_for_delete boolean);
create table if not exists request_specs (
  created_at timestamp, updated_at timestamp, id serial primary key,
  instance_uuid varchar(36) not null unique, spec text not null);
create table if not exists host_mappings (
  created_at timestamp, updated_at timestamp, id serial primary key, cell_id integer not null, host varchar(255) not null unique);
create table if not exists cell_mappings (
  created_at timestamp, updated_at timestamp, id serial primary key, uuid varchar(36) not null unique,
  name varchar(255), transport_url text, database_connection text, disabled boolean default false)`;

/** Opens the emulated API database at `url` (PostgreSQL) and makes its tables. */
export async function openApiDatabase(url: string): Promise<ApiDatabase> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => {});
  for (const statement of TABLES.split(';')) await pool.query(statement);
  const uuidsOf = async (table: 'build_requests' | 'instance_mappings') => {
    const { rows } = await pool.query<{ instance_uuid: string }>(`select instance_uuid from ${table}`);
    return new Set(rows.map((row) => row.instance_uuid));
  };
  return {
    booted: async (instances) => {
      const columns = [instances.map((i) => i.uuid), instances.map((i) => i.projectId), instances.map((i) => i.name)];
      await pool.query(
        `insert into build_requests (created_at, project_id, instance_uuid, display_name)
         select now(), project, uuid, name from unnest($1::text[], $2::text[], $3::text[]) as t(uuid, project, name)`,
        columns,
      );
      const mappings = 'insert into instance_mappings (created_at, project_id, instance_uuid) select now(), project, uuid';
      await pool.query(`${mappings} from unnest($1::text[], $2::text[]) as t(uuid, project)`, columns.slice(0, 2));
    },
    buildRequests: () => uuidsOf('build_requests'),
    mappings: () => uuidsOf('instance_mappings'),
    dropBuildRequest: async (uuid) => {
      await pool.query('delete from build_requests where instance_uuid = $1', [uuid]);
    },
    close: () => pool.end(),
  };
}
