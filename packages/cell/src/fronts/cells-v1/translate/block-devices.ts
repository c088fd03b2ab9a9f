import type { NewBlockDevice } from '@burstcell/store';
import { isJsonObject, type JsonObject, type JsonValue, type NovaField } from '@burstcell/wire';
import { type Fields, fieldsOf, flagField, numberField, textField } from './fields.js';

/** `block_device_mapping` of a build: a list of dicts (Havana to Juno) or of objects (Kilo on). */
export function blockDevices(value: JsonValue | undefined): readonly NewBlockDevice[] {
  if (value === null || value === undefined) return [];
  const list = Array.isArray(value) ? value : (fieldsOf(value, 'block_device_mapping').values.objects ?? []);
  return (Array.isArray(list) ? list : []).map((each) => blockDevice(fieldsOf(each as NovaField, 'block_device_mapping')));
}

/** What the form from before Havana says besides its list: it names neither the image's own disk nor the boot order. */
interface LegacyBoot {
  readonly rootDeviceName: string | null;
  /** Null: boot from volume. */
  readonly imageId: string | null;
}

/**
 * The form of EC2's API that a Grizzly parent sends, and later ones with `legacy_bdm`: a device, and a volume, a snapshot,
 * a virtual name (`swap`, `ephemeral0`) or nothing for it. Read as nova/block_device.py from_legacy does (Havana).
 */
export function legacyBlockDevices(value: JsonValue | undefined, boot: LegacyBoot): readonly NewBlockDevice[] {
  const list = Array.isArray(value) ? value.filter(isJsonObject) : [];
  const devices = list.filter(hasMeaning).map((each) => legacyDevice(each));
  if (boot.imageId !== null) return [imageDevice(boot.imageId), ...devices];
  const root = devices.find(isRootOf(boot.rootDeviceName)) ?? devices.find((each) => each.destination_type === 'volume');
  return devices.map((each) => (each === root ? { ...each, boot_index: 0 } : each));
}

function blockDevice(fields: Fields): NewBlockDevice {
  return {
    device_name: textField(fields, 'device_name'),
    source_type: textField(fields, 'source_type'),
    destination_type: textField(fields, 'destination_type'),
    device_type: textField(fields, 'device_type'),
    disk_bus: textField(fields, 'disk_bus'),
    guest_format: textField(fields, 'guest_format'),
    boot_index: numberField(fields, 'boot_index'),
    image_id: textField(fields, 'image_id'),
    volume_id: textField(fields, 'volume_id'),
    snapshot_id: textField(fields, 'snapshot_id'),
    volume_size: numberField(fields, 'volume_size'),
    delete_on_termination: flagField(fields, 'delete_on_termination'),
    no_device: flagField(fields, 'no_device'),
    connection_info: null,
    tag: textField(fields, 'tag'),
  };
}

/** `virtual_name` ami and root name the image's disk, which is there without being named. */
function hasMeaning({ virtual_name: virtualName }: JsonObject): boolean {
  return virtualName !== 'ami' && virtualName !== 'root';
}

function legacyDevice(legacy: JsonObject): NewBlockDevice {
  const fields = fieldsOf(legacy, 'block_device_mapping');
  const plain = blockDevice(fields);
  if (plain.no_device === true) return plain;
  const volume = { ...plain, destination_type: 'volume', device_type: plain.device_type ?? 'disk' };
  if (plain.volume_id !== null) return { ...volume, source_type: 'volume' };
  if (plain.snapshot_id !== null) return { ...volume, source_type: 'snapshot' };
  const swap = textField(fields, 'virtual_name') === 'swap';
  return {
    ...plain,
    source_type: 'blank',
    destination_type: 'local',
    delete_on_termination: true,
    boot_index: -1,
    guest_format: swap ? 'swap' : plain.guest_format,
  };
}

function imageDevice(imageId: string): NewBlockDevice {
  return {
    ...blockDevice({ values: {}, changes: new Set() }),
    source_type: 'image',
    destination_type: 'local',
    device_type: 'disk',
    boot_index: 0,
    image_id: imageId,
    delete_on_termination: true,
  };
}

/** Names come with and without `/dev/`. */
function isRootOf(rootDeviceName: string | null): (device: NewBlockDevice) => boolean {
  const bare = (name: string | null) => name?.replace(/^\/dev\//, '') ?? null;
  return (device) => rootDeviceName !== null && bare(device.device_name) === bare(rootDeviceName);
}
