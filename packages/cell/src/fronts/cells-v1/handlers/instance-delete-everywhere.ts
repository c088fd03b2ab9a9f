import { isUuid, WireError } from '@burstcell/wire';
import { fieldsOf, textField } from '../translate/fields.js';
import { tombstone } from '../translate/tombstone.js';
import type { Handler, Incoming, Outcome } from './handler.js';

/**
 * The parent deleted an instance that has no cell there yet, and told every cell. The build may still
 * be on its way to us on another queue: a deleted row is left for it to find, so that it starts nothing.
 */
export const instanceDeleteEverywhere: Handler = {
  method: 'instance_delete_everywhere',
  types: ['broadcast'],

  handle({ args, message, origin }: Incoming): Outcome {
    const fields = fieldsOf(args.instance, 'instance_delete_everywhere: instance');
    const uuid = textField(fields, 'uuid');
    if (uuid === null || !isUuid(uuid))
      throw new WireError('bad-arguments', 'instance_delete_everywhere: instance.uuid is not a uuid');
    const intent = { verb: 'delete', uuid, parameters: {}, cause: message.uuid, origin };
    return { submit: { intents: [intent], writes: [tombstone(uuid, fields)] } };
  },
};
