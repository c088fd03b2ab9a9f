import { randomUUID } from 'node:crypto';
import { type DemoFlavor, flavorDict } from './flavors.js';
import type { JsonObject } from './json.js';
import { RELEASES, type Release } from './releases.js';
import type { VerbArguments } from './verb-data.js';

/** What a user chose for a verb; what is absent, the parent chooses. */
export interface Wish {
  /** `resize`; absent: a cold migration, which names the flavor of now (Grizzly: none). */
  readonly flavor?: DemoFlavor;
  /** The flavor of now. */
  readonly current?: DemoFlavor;
  readonly imageId?: string;
  readonly name?: string;
  readonly password?: string;
  readonly backupType?: string;
  readonly rotation?: number;
  readonly volumeId?: string;
  readonly device?: string;
  readonly networkId?: string;
  readonly address?: string;
  readonly consoleType?: string;
}

type Form = (wish: Wish, since: (first: Release) => boolean) => VerbArguments;

const PASSWORD = 'chosen-by-the-parent';

/** Each verb's arguments as a release sends them (`nova/compute/cells_api.py`, `nova/cells/rpcapi.py` of each). */
const FORMS: Readonly<Record<string, Form>> = {
  stop: (_wish, since) => ({ kwargs: { do_cast: true }, own: cleanShutdown(since) }),
  rescue: ({ password = PASSWORD, imageId }, since) => ({
    kwargs: {
      rescue_password: password,
      ...(since('juno') ? { rescue_image_ref: imageId ?? null } : {}),
      ...cleanShutdown(since),
    },
  }),
  resize: resizeForm,
  migrate: resizeForm,
  rebuild: ({ imageId = randomUUID(), password = PASSWORD, name = 'rebuilt' }) => ({
    args: [imageId, password],
    kwargs: { files_to_inject: [], display_name: name },
    own: {
      image_href: imageId,
      admin_password: password,
      files_to_inject: [],
      preserve_ephemeral: false,
      kwargs: { display_name: name },
    },
    columns: { image_ref: imageId, display_name: name, kernel_id: '', ramdisk_id: '' },
  }),
  'image-create': ({ imageId = randomUUID(), name = 'picture' }) => ({
    args: [name],
    kwargs: { extra_properties: {}, image_id: imageId },
    own: { image_id: imageId },
  }),
  backup: ({ imageId = randomUUID(), name = 'backup', backupType = 'daily', rotation = 1 }) => ({
    args: [name],
    kwargs: { backup_type: backupType, rotation, extra_properties: {}, image_id: imageId },
    own: { image_id: imageId, backup_type: backupType, rotation },
  }),
  'set-password': ({ password = PASSWORD }) => ({ kwargs: { password }, own: { new_pass: password } }),
  shelve: (_wish, since) => ({ kwargs: cleanShutdown(since) }),
  'shelve-offload': (_wish, since) => ({ kwargs: cleanShutdown(since) }),
  restore: () => ({ columns: { deleted_at: null } }),
  'soft-delete': () => ({ columns: { deleted_at: new Date().toISOString() } }),
  'live-migration': () => ({ own: { block_migration: false, disk_over_commit: false, host_name: null } }),
  evacuate: ({ password = PASSWORD }, since) => ({ args: [null, null, password, ...(since('newton') ? [null] : [])] }),
  'add-fixed-ip': ({ networkId = '' }) => ({ args: [networkId] }),
  'remove-fixed-ip': ({ address = '' }) => ({ args: [address] }),
  'volume-attach': ({ volumeId = '', device }, since) => ({
    args: [volumeId, device ?? null, ...(since('icehouse') ? [null, null] : [])],
  }),
  'volume-detach': ({ volumeId = '' }, since) => ({ args: [since('havana') ? volumeDict(volumeId) : volumeId] }),
  'console-log': () => ({ args: [null] }),
  'vnc-console': ({ consoleType = 'novnc' }) => ({ args: [consoleType] }),
  'spice-console': ({ consoleType = 'spice-html5' }) => ({ args: [consoleType] }),
  'rdp-console': ({ consoleType = 'rdp-html5' }) => ({ args: [consoleType] }),
  'serial-console': ({ consoleType = 'serial' }) => ({ args: [consoleType] }),
};

/** The arguments of a verb in the words of one release. Verbs without any get none. */
export function formOf(verb: string, release: Release, wish: Wish = {}): VerbArguments {
  const since = (first: Release) => RELEASES.indexOf(release) >= RELEASES.indexOf(first);
  return FORMS[verb]?.(wish, since) ?? {};
}

/** The flavor travels as a plain dict in every release; Grizzly sends an id, and null for a cold migration. */
function resizeForm({ flavor, current }: Wish, since: (first: Release) => boolean): VerbArguments {
  const target = flavor ?? current;
  return {
    kwargs: { flavor_id: flavor?.flavorid ?? null },
    own: { flavor: target ? flavorDict(target) : {}, extra_instance_updates: {}, ...cleanShutdown(since) },
  };
}

function cleanShutdown(since: (first: Release) => boolean): JsonObject {
  return since('kilo') ? { clean_shutdown: true } : {};
}

/** A volume as the volume service shows it (`nova/volume/cinder.py`, `_untranslate_volume_summary_view`). */
function volumeDict(id: string): JsonObject {
  return {
    id,
    status: 'in-use',
    size: 1,
    availability_zone: 'nova',
    created_at: '2026-01-01T00:00:00.000000',
    attach_time: '',
    mountpoint: '/dev/vdb',
    attach_status: 'attached',
    display_name: 'data',
    display_description: '',
    volume_type_id: null,
    snapshot_id: null,
    bootable: false,
    volume_metadata: {},
  };
}
