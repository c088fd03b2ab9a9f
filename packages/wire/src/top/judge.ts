import type { Dialect } from '../dialects/dialect.js';
import { WireError } from '../errors.js';
import { isUuid } from '../intercell/message.js';
import { isJsonObject, type JsonObject } from '../json/json.js';
import { dataOf } from '../objects/codec.js';
import { INSTANCE_RULES, instanceView } from './judge-instance.js';
import { judgeBdm, judgeFault } from './judge-rows.js';

/** Something in a message that would harm the parent: an update lost, a listing broken, a row brought back to life. */
export interface Violation {
  /** Stable name of the rule. */
  readonly rule: string;
  readonly detail: string;
}

export interface JudgeOptions {
  /** The update is meant to create the row at the parent. */
  readonly adopting?: boolean;
}

/**
 * Judges a message to the top by what real parents of the release did with its like. Empty: harmless. Our own
 * encoders pass everything through here before it leaves; an emulated parent judges what it receives.
 */
export function judgeUp(
  dialect: Dialect,
  call: { readonly methodName: string; readonly methodKwargs: JsonObject },
  options: JudgeOptions = {},
): readonly Violation[] {
  const { methodKwargs } = call;
  switch (call.methodName) {
    case 'instance_update_at_top':
      return judgeUpdate(dialect, methodKwargs, options);
    case 'instance_destroy_at_top':
      return judgeDestroy(methodKwargs);
    case 'instance_fault_create_at_top':
      return judgeFault(dialect, methodKwargs.instance_fault);
    case 'bdm_update_or_create_at_top':
      return judgeBdm(dialect, methodKwargs.bdm);
    default:
      return [];
  }
}

/** Throws WireError `forbidden` naming the rules broken. Returns the call, so that an encoder can end with it. */
export function harmless<T extends { readonly methodName: string; readonly methodKwargs: JsonObject }>(
  dialect: Dialect,
  call: T,
  options: JudgeOptions = {},
): T {
  const violations = judgeUp(dialect, call, options);
  if (violations.length === 0) return call;
  const told = violations.map(({ rule, detail }) => `${rule}: ${detail}`).join('; ');
  throw new WireError('forbidden', `${call.methodName} for ${dialect.release} is not sent: ${told}`);
}

function judgeUpdate(dialect: Dialect, kwargs: JsonObject, options: JudgeOptions): Violation[] {
  const view = instanceView(dialect, kwargs.instance);
  if (view === null)
    return [{ rule: 'payload', detail: `instance is not an ${dialect.instancePayload} as ${dialect.release} reads it` }];
  const context = { dialect, view, adopting: options.adopting ?? false };
  return INSTANCE_RULES.flatMap(({ rule, check }) => {
    const detail = check(context);
    return detail === null ? [] : [{ rule, detail }];
  });
}

function judgeDestroy(kwargs: JsonObject): Violation[] {
  const { instance } = kwargs;
  const data = dataOf(instance) ?? (isJsonObject(instance) ? instance : {});
  return isUuid(data.uuid) ? [] : [{ rule: 'uuid', detail: 'a destroy names its instance by uuid' }];
}
