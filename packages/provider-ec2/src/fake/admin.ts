import type { IncomingMessage, ServerResponse } from 'node:http';
import { readText, sendJson } from './http-kit.js';
import type { Injection } from './injections.js';

/** A JSON object from outside. */
export type AdminBody = Readonly<Record<string, unknown>>;

/** What an admin path does: `GET snapshot`, `POST inject`, … The answer is sent as JSON. */
export type AdminRoutes = Readonly<Record<string, (body: AdminBody) => unknown>>;

/** A wrong request to the admin side: answered with 400. */
class AdminError extends Error {}

/** Serves the admin side under a prefix; answers 404 with the list of what there is. */
export async function serveAdmin(routes: AdminRoutes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').split('?')[0]?.split('/').slice(2).join('/');
  const route = routes[`${request.method} ${path}`];
  if (route === undefined) return sendJson(response, 404, { error: 'no such path', paths: Object.keys(routes) });

  try {
    sendJson(response, 200, route(readJson(await readText(request))));
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    sendJson(response, 400, { error: error.message });
  }
}

function readJson(text: string): AdminBody {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as AdminBody;
  } catch {
    // Said below.
  }
  throw new AdminError('the body must be a JSON object');
}

export function stringIn(body: AdminBody, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw new AdminError(`'${name}' must be a string`);
  return value;
}

export function optionalStringIn(body: AdminBody, name: string): string | undefined {
  return body[name] === undefined ? undefined : stringIn(body, name);
}

export function numberIn(body: AdminBody, name: string): number {
  const value = body[name];
  if (typeof value !== 'number' || !(value >= 0)) throw new AdminError(`'${name}' must be a number from 0`);
  return value;
}

/** Null lifts a limit. */
export function limitIn(body: AdminBody, name: string): number | null {
  return body[name] === null ? null : numberIn(body, name);
}

export function oneOf<const T extends string>(body: AdminBody, name: string, allowed: readonly T[]): T | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new AdminError(`'${name}' must be one of ${allowed.join(', ')}`);
  return found;
}

/** Reads `{ action, code, message?, when?, times?, skip? }`. */
export function injectionIn(body: AdminBody): Injection {
  const message = optionalStringIn(body, 'message');
  const when = oneOf(body, 'when', ['before', 'after']);
  return {
    action: stringIn(body, 'action'),
    code: stringIn(body, 'code'),
    ...(message === undefined ? {} : { message }),
    ...(when === undefined ? {} : { when }),
    ...(body.times === undefined ? {} : { times: limitIn(body, 'times') }),
    ...(body.skip === undefined ? {} : { skip: numberIn(body, 'skip') }),
  };
}
