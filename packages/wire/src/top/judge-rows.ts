import type { Dialect } from '../dialects/dialect.js';
import { isUuid } from '../intercell/message.js';
import { isJsonObject, type JsonValue } from '../json/json.js';
import { objectSchema } from '../objects/manifest.js';
import { FAULT_MESSAGE_MAX_CHARS } from '../timings.js';
import type { Violation } from './judge.js';

/** The parent drops these from a row before it uses the rest. */
const DROPPED = ['id'];
const BDM_KEYS = ['instance_uuid', 'device_name', 'volume_id', 'source_type', 'destination_type'];
/** Fault codes whose details a user does not see (nova/api/openstack/compute/views/servers.py). */
const HIDDEN_CODE = 500;

export function judgeFault(dialect: Dialect, fault: JsonValue | undefined): Violation[] {
  if (!isJsonObject(fault)) return [{ rule: 'fault', detail: 'the fault is no dict' }];
  const violations: Violation[] = [];
  const say = (rule: string, detail: string): number => violations.push({ rule, detail });
  if (!isUuid(fault.instance_uuid)) say('uuid', 'instance_uuid is no uuid');
  if (typeof fault.code !== 'number' || !Number.isInteger(fault.code)) say('fault-code', 'code is no integer');
  if (fault.code === HIDDEN_CODE) say('fault-code', 'a user does not see the details of a fault with code 500');
  if (typeof fault.message !== 'string' || [...fault.message].length > FAULT_MESSAGE_MAX_CHARS) {
    say('fault-message', `message is no text of at most ${FAULT_MESSAGE_MAX_CHARS} characters`);
  }
  const unknown = unknownKeys(dialect, 'InstanceFault', Object.keys(fault));
  if (unknown.length > 0) say('fault-keys', `${unknown.join(', ')} is no field of InstanceFault`);
  return violations;
}

export function judgeBdm(dialect: Dialect, bdm: JsonValue | undefined): Violation[] {
  if (!isJsonObject(bdm)) return [{ rule: 'bdm', detail: 'the block device mapping is no dict' }];
  const violations: Violation[] = [];
  const missing = BDM_KEYS.filter((key) => bdm[key] === undefined);
  if (missing.length > 0) violations.push({ rule: 'bdm-keys', detail: `${missing.join(', ')} is missing` });
  if (typeof bdm.device_name !== 'string')
    violations.push({ rule: 'bdm-device', detail: 'without device_name each report makes a row' });
  const nested = Object.keys(bdm).filter((key) => isJsonObject(bdm[key]) || Array.isArray(bdm[key]) || key === 'instance');
  if (nested.length > 0) violations.push({ rule: 'bdm-nested', detail: `${nested.join(', ')} is no column` });
  const unknown = unknownKeys(dialect, 'BlockDeviceMapping', Object.keys(bdm));
  if (unknown.length > 0)
    violations.push({ rule: 'bdm-keys', detail: `${unknown.join(', ')} is no column of ${dialect.release}` });
  return violations;
}

/** Where the parent makes an object of the row, a key that is no field is an error. */
function unknownKeys(dialect: Dialect, object: string, keys: readonly string[]): string[] {
  const schema = objectSchema(dialect.release, object);
  if (schema === undefined || !dialect.rowsBecomeObjects) return [];
  return keys.filter((key) => !schema.fields.has(key) && !DROPPED.includes(key));
}
