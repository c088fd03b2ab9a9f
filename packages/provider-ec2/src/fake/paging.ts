import { ec2Failure } from './failures.js';

/** One page of a row of things that stand in a lasting order. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** Pages by position: for lists that never change. */
export function pageOf<T>(all: readonly T[], pageSize: number, token: string | undefined): Page<T> {
  const start = token === undefined ? 0 : readToken(token);
  const items = all.slice(start, start + pageSize);
  const end = start + items.length;
  return end < all.length ? { items, nextToken: writeToken(end) } : { items };
}

/** A token says where to go on, and no more; AWS's are opaque too. */
export function writeToken(position: number): string {
  return Buffer.from(`at:${position}`).toString('base64url');
}

/** Throws InvalidNextToken for what {@link writeToken} never wrote. */
export function readToken(token: string): number {
  const position = /^at:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (position === undefined) throw ec2Failure('InvalidNextToken', `The token '${token}' is invalid`);
  return Number(position);
}
