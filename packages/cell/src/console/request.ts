import type { IncomingMessage } from 'node:http';

/** The path and query of a request, as they were sent; never throws. */
export function queryOf({ url = '' }: IncomingMessage): { readonly path: string; readonly query: URLSearchParams } {
  const mark = url.indexOf('?');
  return mark < 0
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}
