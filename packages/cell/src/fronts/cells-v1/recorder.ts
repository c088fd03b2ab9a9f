import { StoreError } from '@burstcell/store';
import type { InterCellMessage } from '@burstcell/wire';
import type { IntakeCounts } from '../../metrics.js';
import { type Deadlines, submissionUnit } from '../../operations/submit.js';
import type { Verb } from '../../operations/verb.js';
import type { HandlerTools, Submit } from './handlers/handler.js';

interface RecorderParts {
  readonly tools: Pick<HandlerTools, 'store' | 'log' | 'now'>;
  readonly verbs: ReadonlyMap<string, Verb>;
  readonly deadlines: Deadlines;
  readonly counts: IntakeCounts;
}

/** Commits what a message asks for, in one unit with the mark that it was seen. */
export class Recorder {
  constructor(private readonly parts: RecorderParts) {}

  /**
   * What was recorded: what was submitted or, when the database refuses a value of it (then nothing was applied), what the
   * handler wants instead. Repeat-safe by the message's uuid. Rejects with the store's error otherwise.
   */
  async record(submit: Submit, message: InterCellMessage): Promise<Submit> {
    try {
      await this.commit(submit, message);
      return submit;
    } catch (error) {
      if (submit.instead === undefined || !(error instanceof StoreError) || error.kind !== 'bad-value') throw error;
      const { methodName: method, uuid: messageId } = message;
      this.parts.tools.log.error({ method, messageId, err: error }, 'a value could not be stored; its instances go to ERROR');
      const instead: Submit = { intents: [], writes: submit.instead(error.message) };
      await this.commit(instead, message);
      return instead;
    }
  }

  private async commit({ intents, writes = [] }: Submit, { uuid: messageUuid, methodName: method }: InterCellMessage) {
    const { verbs, deadlines, tools, counts } = this.parts;
    const unit = submissionUnit({ messageUuid, method, intents, writes }, verbs, deadlines, tools.now());
    if ((await tools.store.commit(unit)) === 'duplicate') counts.duplicate(method);
  }
}
