import { randomUUID } from 'node:crypto';
import { type HttpStub, type StubAnswer, type StubRequest, serveStub } from './http-stub.js';

/** A volume as Cinder's API shows it, as far as nova looks. */
export interface StubVolume {
  id: string;
  status: string;
  size: number;
  metadata: Record<string, string>;
  name?: string | null;
  availability_zone?: string;
  snapshot_id?: string | null;
  /** As cinder writes it; nova boots from no other. */
  bootable?: 'true' | 'false';
  attachments: { server_id: string; attachment_id: string; device: string; volume_id: string }[];
}

export interface VolumeStub extends HttpStub {
  /** For the catalogue: of a project. */
  urlOf(project: string): string;
  add(volume: Partial<StubVolume>): StubVolume;
  volume(id: string): StubVolume | undefined;
  /** A snapshot of this volume; answers its id. */
  addSnapshot(volumeId: string): string;
  /** Actions so far, as `os-reserve ID`. */
  readonly actions: string[];
  /** Told of each volume that is made by request, before it is shown: for whatever has the cloud's. */
  onMade(made: (volume: StubVolume, asked: Readonly<Record<string, unknown>>) => void): void;
  /** Answers instead of the service, once, where it wants to. */
  instead(answer: (request: StubRequest) => StubAnswer | undefined): void;
}

type Values = Record<string, unknown>;
type Change = (volume: StubVolume, values: Values) => void;

/** What each action asks of the status, and what it makes of it (cinder/volume/api.py). */
const ACTIONS: Record<string, { from: string[]; change: Change }> = {
  'os-reserve': { from: ['available'], change: becomes('attaching') },
  'os-unreserve': { from: ['attaching'], change: becomes('available') },
  'os-attach': { from: ['available', 'attaching'], change: attach },
  'os-begin_detaching': { from: ['in-use'], change: becomes('detaching') },
  'os-roll_detaching': { from: ['detaching'], change: becomes('in-use') },
  'os-detach': { from: ['in-use', 'detaching'], change: detach },
};

/** What nova's own child asks besides; its fake driver takes any connection. */
const CONNECTION: Record<string, StubAnswer> = {
  'os-initialize_connection': { status: 200, body: { connection_info: { driver_volume_type: 'fake', data: {} } } },
  'os-terminate_connection': { status: 202 },
};

/** cinder's own zones; those of tests are the cloud's. */
const ZONES = {
  availabilityZoneInfo: ['nova', 'zone-a', 'zone-b'].map((zoneName) => ({ zoneName, zoneState: { available: true } })),
};

/** None: nova asks before it has a snapshot made. */
const LIMITS = { limits: { rate: [], absolute: { maxTotalSnapshots: -1, totalSnapshotsUsed: 0 } } };

/** As much of Cinder's v3 API as nova, its CLI and the cell use, in memory; without the attachments API of 3.27. */
export async function startVolumes(): Promise<VolumeStub> {
  const volumes = new Map<string, StubVolume>();
  const snapshots = new Map<string, string>();
  const actions: string[] = [];
  const makers: ((volume: StubVolume, asked: Values) => void)[] = [];
  const others: ((request: StubRequest) => StubAnswer | undefined)[] = [];
  let url = '';
  const add = (given: Partial<StubVolume>): StubVolume => {
    const volume = { id: randomUUID(), status: 'available', size: 1, metadata: {}, attachments: [], ...given };
    volumes.set(volume.id, volume);
    return volume;
  };
  const stub = await serveStub(
    (request) => takeOther(others, request) ?? answer({ volumes, snapshots, actions, makers, url, add }, request),
  );
  url = stub.url;
  return {
    ...stub,
    actions,
    add,
    addSnapshot(volumeId) {
      const id = randomUUID();
      snapshots.set(id, volumeId);
      return id;
    },
    urlOf: (project) => `${url}/v3/${project}`,
    volume: (id) => volumes.get(id),
    onMade: (made) => makers.push(made),
    instead: (other) => others.push(other),
  };
}

interface Held {
  volumes: Map<string, StubVolume>;
  /** Volume id by the snapshot's. */
  snapshots: Map<string, string>;
  actions: string[];
  makers: ((volume: StubVolume, asked: Values) => void)[];
  url: string;
  add: VolumeStub['add'];
}

function answer(held: Held, request: StubRequest): StubAnswer | undefined {
  if (request.path === '/' || request.path === '/v3') return { status: 300, body: { versions: [versionOf(held.url)] } };
  if (request.path.endsWith('/os-availability-zone')) return { status: 200, body: ZONES };
  if (request.path.endsWith('/limits')) return { status: 200, body: LIMITS };
  if (request.path.endsWith('/snapshots') && request.method === 'POST') return snapshotOf(held, request);
  const [, snapshotId] = /\/snapshots\/([^/]+)$/.exec(request.path) ?? [];
  if (snapshotId !== undefined) return snapshot(held, snapshotId);
  const [, rest = ''] = /^\/v[23]\/[^/]+\/volumes(\/.*)?$/.exec(request.path) ?? [];
  if (request.path.endsWith('/volumes') && request.method === 'POST') return create(held, request);
  if (rest === '' || rest === '/detail') return list(held, request);
  const [, id = '', action] = /^\/([^/]+)(\/action)?$/.exec(rest) ?? [];
  const volume = held.volumes.get(id);
  if (volume === undefined) return undefined;
  if (action !== undefined) return act(held, volume, JSON.parse(request.body) as Record<string, Values | null>);
  if (request.method === 'DELETE') return remove(held, volume);
  return { status: 200, body: { volume: shown(volume) } };
}

/** Without microversions: nova then reserves and attaches as it did up to Ocata. */
function versionOf(url: string): object {
  return { id: 'v3.0', status: 'CURRENT', version: '3.0', min_version: '3.0', links: [{ rel: 'self', href: `${url}/v3/` }] };
}

function snapshot({ snapshots }: Held, id: string): StubAnswer | undefined {
  const volumeId = snapshots.get(id);
  if (volumeId === undefined) return undefined;
  const plain = { name: null, description: null, created_at: '2020-01-01T00:00:00.000000', metadata: {} };
  const progress = { 'os-extended-snapshot-attributes:progress': '100%', progress: '100%' };
  return { status: 200, body: { snapshot: { ...plain, ...progress, id, volume_id: volumeId, size: 1, status: 'available' } } };
}

/** Of a volume in use too, where it is forced. */
function snapshotOf(held: Held, { body }: StubRequest): StubAnswer | undefined {
  const { snapshot: asked } = JSON.parse(body) as { snapshot: { volume_id: string } };
  const id = randomUUID();
  held.snapshots.set(id, asked.volume_id);
  return snapshot(held, id);
}

function create({ add, makers }: Held, { body }: StubRequest): StubAnswer {
  const { volume: asked } = JSON.parse(body) as { volume: Partial<StubVolume> };
  const { size = 1, metadata = {}, name = null, availability_zone: zone, snapshot_id: snapshot = null } = asked;
  const where = zone === undefined ? {} : { availability_zone: zone };
  const volume = add({ size, metadata: { ...metadata }, name, snapshot_id: snapshot, ...where });
  for (const made of makers) made(volume, asked as Values);
  return { status: 202, body: { volume: shown(volume) } };
}

/** As cinder refuses it: only what is free or broken (cinder/volume/api.py delete). */
function remove({ volumes, actions }: Held, { id, status }: StubVolume): StubAnswer {
  if (status !== 'available' && !status.startsWith('error')) {
    return { status: 400, body: { badRequest: { code: 400, message: `Invalid volume: its status is ${status}` } } };
  }
  actions.push(`delete ${id}`);
  volumes.delete(id);
  return { status: 202 };
}

/** Filtered by name alone. */
function list({ volumes }: Held, { path, query }: StubRequest): StubAnswer | undefined {
  if (!/\/volumes(\/detail)?$/.test(path)) return undefined;
  const name = query.get('name');
  const found = [...volumes.values()].filter((volume) => name === null || volume.name === name);
  return { status: 200, body: { volumes: found.map(shown) } };
}

function act({ actions }: Held, volume: StubVolume, body: Record<string, Values | null>): StubAnswer | undefined {
  const [name = '', values] = Object.entries(body)[0] ?? [];
  const action = ACTIONS[name];
  if (action === undefined) return CONNECTION[name];
  if (!action.from.includes(volume.status)) {
    return { status: 400, body: { badRequest: { code: 400, message: `Invalid volume: its status is ${volume.status}` } } };
  }
  actions.push(`${name} ${volume.id}`);
  action.change(volume, values ?? {});
  return { status: 202 };
}

function becomes(status: string): Change {
  return (volume) => {
    volume.status = status;
  };
}

function attach(volume: StubVolume, { instance_uuid: server, mountpoint: device }: Values): void {
  const ids = { server_id: String(server), attachment_id: randomUUID(), volume_id: volume.id };
  volume.attachments = [{ ...ids, device: String(device) }];
  volume.status = 'in-use';
}

function detach(volume: StubVolume): void {
  volume.attachments = [];
  volume.status = 'available';
}

function shown(volume: StubVolume): object {
  const plain = { name: null, description: null, multiattach: false, bootable: 'false', encrypted: false, volume_type: null };
  return { ...plain, availability_zone: 'nova', snapshot_id: null, created_at: '2020-01-01T00:00:00.000000', ...volume };
}

function takeOther(others: ((request: StubRequest) => StubAnswer | undefined)[], request: StubRequest): StubAnswer | undefined {
  for (const [index, other] of others.entries()) {
    const given = other(request);
    if (given === undefined) continue;
    others.splice(index, 1);
    return given;
  }
  return undefined;
}
