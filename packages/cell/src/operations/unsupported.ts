import { unsupportedVerb } from './failure.js';
import type { Verb } from './verb.js';

/**
 * A verb that this cell's provider has no ability for: the parent has already set a task state and
 * waits, so it gets the right end instead of silence. The instance keeps its state.
 */
export function unsupported(name: string, action: string | null): Verb {
  return {
    name,
    action,
    taskState: null,
    from: 'any',
    deadline: 'verb',
    isRefusal: true,
    isPassive: true,
    run: (context) => Promise.reject(unsupportedVerb(name, context.provider.name)),
  };
}
