import type { Write } from '@burstcell/store';
import { isUuid, WireError } from '@burstcell/wire';
import { report } from '../../../operations/endings.js';
import { columnsFromApi } from '../translate/columns-from-api.js';
import { type Fields, fieldsOf, textField } from '../translate/fields.js';
import type { Handler, HandlerTools, Incoming, Outcome } from './handler.js';
import { protection } from './protection.js';

/**
 * The parent saved an instance: `nova rename`, `lock`, `reset-state`, and, before or after most verbs,
 * a copy of what it set itself. Never echoed: an echo of the state before the verb would undo it.
 */
export const instanceUpdateFromApi: Handler = {
  method: 'instance_update_from_api',
  types: ['targeted'],

  async handle(incoming: Incoming, tools: HandlerTools): Promise<Outcome> {
    const { args } = incoming;
    const fields = fieldsOf(args.instance, 'instance_update_from_api: instance');
    const uuid = textField(fields, 'uuid');
    if (uuid === null || !isUuid(uuid))
      throw new WireError('bad-arguments', 'instance_update_from_api: instance.uuid is not a uuid');
    const reset = args.admin_state_reset === true;
    const set = columnsFromApi(fields, reset);
    return {
      submit: {
        intents: Object.hasOwn(set, 'locked') ? await protection(uuid, incoming, tools) : [],
        writes: [
          ...(Object.keys(set).length === 0 ? [] : [{ write: 'patch-instance', uuid, set } as const]),
          ...(reset ? resetWrites(uuid) : []),
          ...(waitsInVain(fields) ? [report(uuid)] : []),
        ],
      },
    };
  },
};

/** `nova reset-state` frees an instance from what it is doing, but never from being built or deleted. */
export function resetWrites(uuid: string): readonly Write[] {
  return [{ write: 'cancel-operations', uuid, exceptVerbs: ['build', 'delete', 'dispose'] }];
}

/** Newton on, `nova live-migration` sets this state and then fails at the parent: no verb follows, so only we can lift it. */
function waitsInVain(fields: Fields): boolean {
  return fields.changes.has('task_state') && fields.values.task_state === 'migrating';
}
