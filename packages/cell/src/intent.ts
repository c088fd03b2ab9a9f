import type { JsonObject } from '@burstcell/store';

/** Who asked, and whom to answer: kept with the operation, so that the answer can be given by another process. */
export interface Origin {
  /** `req-…`: names nova's action record. */
  readonly requestId: string;
  readonly userId: string | null;
  readonly projectId: string | null;
  /** The front's own note of where the answer goes; absent when nobody waits for one. */
  readonly answer?: JsonObject;
}

/** What somebody wants done to an instance, free of the form in which it arrived. */
export interface Intent {
  /** A name of the verb table (`operations/verbs.ts`). */
  readonly verb: string;
  readonly uuid: string;
  readonly parameters: JsonObject;
  /** What makes it one and the same wish when it comes again: the message's uuid. */
  readonly cause: string;
  readonly origin: Origin;
}

/** The origin of what the cell does by itself. */
export function ownOrigin(requestId: string): Origin {
  return { requestId, userId: null, projectId: null };
}

export function originToJson(origin: Origin): JsonObject {
  return { ...origin };
}

/** Reads back what {@link originToJson} wrote. */
export function originFromJson(json: JsonObject): Origin {
  const text = (key: string) => (typeof json[key] === 'string' ? (json[key] as string) : null);
  const answer = json.answer;
  return {
    requestId: text('requestId') ?? '',
    userId: text('userId'),
    projectId: text('projectId'),
    ...(isObject(answer) ? { answer } : {}),
  };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
