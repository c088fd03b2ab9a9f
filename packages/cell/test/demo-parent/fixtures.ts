import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from './json.js';
import type { RawDelivery } from './read-message.js';
import { type ParentDialect, RELEASES, type Release } from './releases.js';

/** A message of a real child to its parent, as it was seen; secrets and long tracebacks cut. */
export interface Captured {
  readonly exchange: string;
  readonly routingKey: string;
  /** The verb during which it was seen. */
  readonly from: string;
  readonly message: JsonObject;
}

/** Releases of which real traffic was recorded. */
export const CAPTURED_RELEASES: readonly Release[] = RELEASES.filter(
  (release) => release !== 'icehouse' && release !== 'kilo' && release !== 'newton',
);

export function capturedOf(release: Release): Captured[] {
  const root = fileURLToPath(new URL('../../../test/demo-parent/fixtures/', import.meta.url));
  return JSON.parse(readFileSync(`${root}${release}.json`, 'utf8')) as Captured[];
}

/** The delivery that a broker would hand over, RPC layer around the message. */
export function deliveryOf(captured: Captured, dialect: ParentDialect): RawDelivery {
  const { ctxt } = captured.message;
  const rpc: JsonObject = {
    method: 'process_message',
    version: '1.0',
    args: { message: JSON.stringify(captured.message) },
    _unique_id: '0'.repeat(32),
  };
  for (const [key, value] of Object.entries(ctxt as JsonObject)) rpc[`_context_${key}`] = value;
  const body = dialect.envelope ? { 'oslo.version': '2.0', 'oslo.message': JSON.stringify(rpc) } : rpc;
  return {
    body: Buffer.from(JSON.stringify(body)),
    exchange: captured.exchange,
    routingKey: captured.routingKey,
    contentType: 'application/json',
    deliveryMode: 2,
  };
}
