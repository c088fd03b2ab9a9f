import { done, type Verb } from './verb.js';

/** A verb that has nothing to do behind a cloud, which keeps its guests' networks right by itself; the user asked for no more. */
export function nothingToDo(name: string): Verb {
  return { name, action: null, taskState: null, from: 'any', deadline: 'verb', isPassive: true, run: async () => done([]) };
}
