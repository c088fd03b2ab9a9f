import type { JsonObject } from '@burstcell/store';
import { type Dialect, isJsonObject, isUuid, type JsonValue, nova, WireError } from '@burstcell/wire';
import type { Secrets } from '../../../secrets.js';
import { plain, plainFields } from '../translate/fields.js';
import { tombstone } from '../translate/tombstone.js';
import type { Handler, HandlerTools, Incoming, Outcome } from './handler.js';
import { resizeManner, submitVerb } from './instance-verbs.js';
import { lock, unlock } from './lock.js';
import { deleteMetadata, updateMetadata } from './metadata.js';
import { connectConsole, consoleLog, diagnostics, instanceDiagnostics } from './questions.js';
import { sealedToken } from './sealed-token.js';
import { update } from './update.js';
import { volumeService } from './volume-service.js';

/** A method of nova's compute API as a child is asked to run it. */
export interface ComputeApiCall {
  readonly uuid: string;
  /** Positional arguments after the uuid. */
  readonly args: readonly JsonValue[];
  readonly kwargs: Readonly<Record<string, JsonValue>>;
}

type Run = string | ((call: ComputeApiCall, incoming: Incoming, tools: HandlerTools) => Promise<Outcome> | Outcome);

/** Method name → the verb it becomes, or what answers it. A name from the wire only ever indexes this table. */
const TABLE: Readonly<Record<string, Run>> = {
  get_console_output: consoleLog,
  update,
  lock,
  unlock,
  update_instance_metadata: updateMetadata,
  delete_instance_metadata: deleteMetadata,
  get_diagnostics: diagnostics,
  get_instance_diagnostics: instanceDiagnostics,
  get_vnc_connect_info: connectConsole,
  get_spice_connect_info: connectConsole,
  get_rdp_connect_info: connectConsole,
  get_serial_console_connect_info: connectConsole,
  delete: deleteIt,
  force_delete: deleteIt,
  soft_delete: volumeVerb('soft-delete'),
  restore: 'restore',
  start: 'start',
  stop: 'stop',
  reboot: (call, incoming) => submitVerb(incoming, call.args[0] === 'HARD' ? 'reboot-hard' : 'reboot-soft', call.uuid, {}),
  pause: 'pause',
  unpause: 'unpause',
  suspend: 'suspend',
  resume: 'resume',
  rescue: (call, incoming, { secrets }) =>
    submitVerb(incoming, 'rescue', call.uuid, {
      imageId: textOf(call.kwargs.rescue_image_ref),
      ...sealed(call.kwargs.rescue_password, secrets),
      ...sealedToken(incoming.message.ctxt, secrets),
    }),
  unrescue: 'unrescue',
  resize: (call, incoming, tools) =>
    submitVerb(incoming, call.kwargs.flavor_id == null ? 'migrate' : 'resize', call.uuid, grizzlyResize(call, tools.dialect)),
  confirm_resize: 'confirm-resize',
  revert_resize: 'revert-resize',
  rebuild: (call, incoming, { secrets }) =>
    submitVerb(incoming, 'rebuild', call.uuid, {
      image_href: textOf(call.args[0]),
      ...sealedToken(incoming.message.ctxt, secrets),
    }),
  evacuate: 'evacuate',
  snapshot: (call, incoming, { secrets }) =>
    submitVerb(incoming, 'snapshot', call.uuid, { ...kwargsOf(call), ...sealedToken(incoming.message.ctxt, secrets) }),
  backup: (call, incoming, { secrets }) =>
    submitVerb(incoming, 'backup', call.uuid, { ...kwargsOf(call), ...sealedToken(incoming.message.ctxt, secrets) }),
  set_admin_password: (call, incoming, { secrets }) =>
    submitVerb(incoming, 'set-password', call.uuid, sealed(call.kwargs.password, secrets)),
  inject_file: 'inject-file',
  add_fixed_ip: 'add-fixed-ip',
  remove_fixed_ip: 'remove-fixed-ip',
  associate_floating_ip: 'associate-floating-ip',
  reset_network: 'reset-network',
  inject_network_info: 'inject-network-info',
  attach_volume: volumeVerb('attach-volume'),
  detach_volume: volumeVerb('detach-volume'),
  shelve: 'shelve',
  shelve_offload: 'shelve-offload',
  unshelve: volumeVerb('unshelve'),
};

/** `run_compute_api_method`: every verb in Grizzly, the unconverted ones later. */
export const runComputeApiMethod: Handler = {
  method: 'run_compute_api_method',
  types: ['targeted'],

  handle(incoming: Incoming, tools: HandlerTools): Promise<Outcome> | Outcome {
    const info = incoming.args.method_info;
    if (!isJsonObject(info) || typeof info.method !== 'string')
      throw new WireError('bad-arguments', 'method_info names no method');
    const call = callOf(info);
    const run = Object.hasOwn(TABLE, info.method) ? TABLE[info.method] : undefined;
    if (run === undefined) return { failure: nova.cellServiceApiMethodNotFound(info.method) };
    if (typeof run === 'string') return submitVerb(incoming, run, call.uuid, { args: call.args.map(plainJson) });
    return run(call, incoming, tools);
  },
};

/** Whether a method of that name is known here. */
export function takesComputeApi(name: string): boolean {
  return Object.hasOwn(TABLE, name);
}

function callOf(info: Readonly<Record<string, JsonValue>>): ComputeApiCall {
  const args = Array.isArray(info.method_args) ? info.method_args : [];
  const uuid = args[0];
  if (!isUuid(uuid)) throw new WireError('bad-arguments', `${String(info.method)}: its first argument is not an instance uuid`);
  return { uuid, args: args.slice(1), kwargs: isJsonObject(info.method_kwargs) ? info.method_kwargs : {} };
}

function plainJson(value: JsonValue): JsonObject[string] {
  return plain(value as Parameters<typeof plain>[0]);
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function sealed(password: JsonValue | undefined, secrets: Secrets): JsonObject {
  return typeof password === 'string' ? { password: secrets.seal(password) } : {};
}

function deleteIt({ uuid }: ComputeApiCall, incoming: Incoming, { secrets }: HandlerTools): Outcome {
  return submitVerb(incoming, 'delete', uuid, volumeService(incoming, secrets), [tombstone(uuid)]);
}

function volumeVerb(verb: string): Run {
  return (call, incoming, { secrets }) =>
    submitVerb(incoming, verb, call.uuid, { args: call.args.map(plainJson), ...volumeService(incoming, secrets) });
}

function kwargsOf({ kwargs }: ComputeApiCall): JsonObject {
  return plainFields(kwargs as Parameters<typeof plainFields>[0]);
}

/** Grizzly names the flavor by its id; null is a cold migration. */
function grizzlyResize({ kwargs }: ComputeApiCall, dialect: Dialect): JsonObject {
  return { flavorId: kwargs.flavor_id == null ? null : String(kwargs.flavor_id), ...resizeManner(dialect) };
}
