import type { JsonObject, Write } from '@burstcell/store';
import { type Dialect, isUuid, WireError, type JsonObject as WireObject } from '@burstcell/wire';
import type { Intent } from '../../../intent.js';
import type { Secrets } from '../../../secrets.js';
import { fieldsOf, numberField, plainFields, textField } from '../translate/fields.js';
import { tombstone } from '../translate/tombstone.js';
import { answerNote } from './answer-note.js';
import type { Handler, HandlerTools, Incoming, Outcome } from './handler.js';
import { sealedToken } from './sealed-token.js';
import { volumeService } from './volume-service.js';

/** A targeted method that names an instance and becomes an operation. */
interface InstanceVerb {
  readonly method: string;
  /** A name of the verb table, or how to tell it from the arguments. */
  readonly verb: string | ((args: WireObject) => string);
  /** What the release adds to the arguments. */
  readonly manner?: (dialect: Dialect) => JsonObject;
  /** Leaves a row for a build that comes late. */
  readonly leavesTombstone?: true;
  /** Other services are asked in the user's name. */
  readonly keepsToken?: true;
  /** Its end is told to the volume service. */
  readonly freesVolumes?: true;
}

/** A parent that cannot be told of flavors (Kilo) can neither confirm nor revert a resize: it is confirmed here at once. */
export function resizeManner(dialect: Dialect): JsonObject {
  return { confirm: dialect.flavorCarrier === 'none' };
}

/** From Havana on each converted verb is a method of its own, with the parent's Instance as argument. */
const TABLE: readonly InstanceVerb[] = [
  { method: 'start_instance', verb: 'start' },
  { method: 'stop_instance', verb: 'stop' },
  { method: 'reboot_instance', verb: (args) => (args.reboot_type === 'HARD' ? 'reboot-hard' : 'reboot-soft') },
  { method: 'terminate_instance', verb: 'delete', leavesTombstone: true, freesVolumes: true },
  { method: 'soft_delete_instance', verb: 'soft-delete', leavesTombstone: true, freesVolumes: true },
  { method: 'pause_instance', verb: 'pause' },
  { method: 'unpause_instance', verb: 'unpause' },
  { method: 'suspend_instance', verb: 'suspend' },
  { method: 'resume_instance', verb: 'resume' },
  { method: 'resize_instance', verb: (args) => (keepsFlavor(args) ? 'migrate' : 'resize'), manner: resizeManner },
  { method: 'confirm_resize', verb: 'confirm-resize' },
  { method: 'revert_resize', verb: 'revert-resize' },
  { method: 'live_migrate_instance', verb: 'live-migrate' },
  { method: 'rebuild_instance', verb: 'rebuild', keepsToken: true },
  { method: 'snapshot_instance', verb: 'snapshot', keepsToken: true },
  { method: 'backup_instance', verb: 'backup', keepsToken: true },
  { method: 'set_admin_password', verb: 'set-password' },
  { method: 'reset_network', verb: 'reset-network' },
  { method: 'inject_network_info', verb: 'inject-network-info' },
];

/** Kept with an operation only sealed, as its `password`: what a row or a log must not hold. */
const SECRET_ARGUMENTS: ReadonlySet<string> = new Set(['new_pass', 'admin_password']);

export const instanceVerbs: readonly Handler[] = TABLE.map(
  ({ method, verb, manner, leavesTombstone, keepsToken, freesVolumes }) => ({
    method,
    types: ['targeted'],
    handle: (incoming: Incoming, { secrets, dialect }: HandlerTools): Outcome => {
      const instance = fieldsOf(incoming.args.instance, `${method}: instance`);
      const uuid = textField(instance, 'uuid');
      if (uuid === null || !isUuid(uuid)) throw new WireError('bad-arguments', `${method}: instance.uuid is not a uuid`);
      const service = freesVolumes === true ? volumeService(incoming, secrets) : {};
      const token = keepsToken === true ? sealedToken(incoming.message.ctxt, secrets) : {};
      const parameters = { ...parametersOf(incoming.args, secrets), ...manner?.(dialect), ...token, ...service };
      const name = typeof verb === 'string' ? verb : verb(incoming.args);
      return submitVerb(incoming, name, uuid, parameters, leavesTombstone === true ? [tombstone(uuid, instance)] : []);
    },
  }),
);

/** A cold migration comes as a resize to the flavor that the instance has. */
function keepsFlavor(args: WireObject): boolean {
  const id = numberField(fieldsOf(args.flavor ?? {}, 'flavor'), 'id');
  return id !== null && id === numberField(fieldsOf(args.instance, 'instance'), 'instance_type_id');
}

/** An operation for one instance; the answer, where one is awaited, is given when it ends. */
export function submitVerb(
  incoming: Incoming,
  verb: string,
  uuid: string,
  parameters: JsonObject,
  writes: readonly Write[] = [],
): Outcome {
  return { submit: { intents: [intentOf(incoming, verb, uuid, parameters)], writes } };
}

/** What a message wants done to an instance; one that waits for an answer gets it when that has ended. */
export function intentOf({ message, origin }: Incoming, verb: string, uuid: string, parameters: JsonObject): Intent {
  const answered = message.needResponse ? { ...origin, answer: answerNote(message) } : origin;
  return { verb, uuid, parameters, cause: message.uuid, origin: answered };
}

function parametersOf(args: WireObject, secrets: Secrets): JsonObject {
  const kept = Object.entries(args).filter(([name]) => name !== 'instance' && !SECRET_ARGUMENTS.has(name));
  const secret = args.new_pass ?? args.admin_password;
  const password = typeof secret === 'string' ? { password: secrets.seal(secret) } : {};
  return { ...plainFields(Object.fromEntries(kept) as Parameters<typeof plainFields>[0]), ...password };
}
