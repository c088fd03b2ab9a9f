import { actionAnswer, actionEventsAnswer, actionsAnswer } from '@burstcell/wire';
import { actionEventRow, actionRow } from '../translate/rows.js';
import type { Handler, HandlerTools, Incoming, Outcome } from './handler.js';

/** `nova instance-action-list`. */
export const actionsGet: Handler = {
  method: 'actions_get',
  types: ['targeted'],
  async handle({ args }: Incoming, { store }: HandlerTools): Promise<Outcome> {
    const actions = await store.actions.of(String(args.instance_uuid));
    return { answer: actionsAnswer(actions.map(actionRow)) };
  },
};

/** `nova instance-action`; null when unknown, which the parent's API turns into 404. */
export const actionGetByRequestId: Handler = {
  method: 'action_get_by_request_id',
  types: ['targeted'],
  async handle({ args }: Incoming, { store }: HandlerTools): Promise<Outcome> {
    const action = await store.actions.byRequest(String(args.instance_uuid), String(args.request_id));
    return { answer: actionAnswer(action === null ? null : actionRow(action)) };
  },
};

/** The events of an action, by our own action id. */
export const actionEventsGet: Handler = {
  method: 'action_events_get',
  types: ['targeted'],
  async handle({ args }: Incoming, { store }: HandlerTools): Promise<Outcome> {
    const events = await store.actions.events(Number(args.action_id));
    return { answer: actionEventsAnswer(events.map(actionEventRow)) };
  },
};
