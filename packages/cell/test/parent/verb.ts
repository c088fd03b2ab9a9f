import type { Cloud, ImageRecord, Machine } from './child.js';
import type { NovaRest, Server } from './rest.js';

/** A verb as an operator gives it. In texts, `{server}` and its like are filled in when it is run; see `Stage`. */
export interface Verb {
  name: string;
  /** The issue that promises it; only those of A are run unless all are asked for. */
  issue: 'A' | 'B';
  /** Arguments of the nova CLI, or a REST call where the CLI has no command or hangs. */
  ask: { cli: string[] } | { rest: [method: string, path: string, body?: object] };
  /** Statuses the servers should come to rest in; absent: a query, that changes nothing. */
  rest?: string[];
  /** Something to bring about first. */
  before?: Preparation;
  /** What must hold besides; a sentence that says what is wrong, or nothing. */
  check?: Check;
  /** That a refusal is the right end, and whose. */
  refused?: Refusal;
  /** A boot: the servers it makes are what the following verbs speak of. */
  boots?: true;
}

/** A verb that cannot be had: what counts is that it is said, and that the server is as before. */
export interface Refusal {
  /** The parent answers with an error by itself; the cell takes the verb and says why not in the action's record. */
  by: 'parent' | 'cell';
  why: string;
  /** Only where the child's machines are these; elsewhere it is served. */
  on?: Cloud | readonly Cloud[];
  /** Only by parents of this release; by others it is served. */
  release?: string;
  /** Where the server stands then, if not where it would have come to. */
  rest?: string[];
  /** Either is right, by what the child did before. */
  maybe?: true;
}

/** The verb as it is to be judged at a parent of that release, with these machines below. */
export function asJudged(verb: Verb, { cloud, release }: { cloud: Cloud; release: string }): Verb {
  const { refused, ...served } = verb;
  if (refused === undefined) return verb;
  if (![refused.on ?? cloud].flat().includes(cloud) || (refused.release ?? release) !== release) return served;
  // What was not done cannot be looked for.
  const { check: _unseen, ...unserved } = verb;
  return refused.rest === undefined ? unserved : { ...unserved, rest: refused.rest };
}

export type Preparation = 'no room' | 'no quota' | 'room again' | 'first of three';

export type Check = (seen: Seen) => string | undefined;

/** What is there to be judged after a verb. */
export interface Seen {
  release: string;
  /** What the CLI printed, or the text of the REST answer. */
  answer: string;
  /** The REST answer as JSON; `{}` for the CLI. */
  body: Record<string, unknown>;
  /** The servers the verb was about, as the parent shows them now; those that are gone are missing. */
  servers: Server[];
  /** The machines of these servers; undefined where there is no cloud to look at. */
  machines: Machine[] | undefined;
  /** Undefined where the child leaves image records alone. */
  images: ImageRecord[] | undefined;
  childName: string;
  /** The name given to the verb. */
  name: string;
  rest: NovaRest;
}

/** Verbs about one server after another; each scene begins with a boot. */
export interface Scene {
  name: string;
  verbs: Verb[];
}
