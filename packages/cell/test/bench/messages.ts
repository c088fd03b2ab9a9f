import { randomUUID } from 'node:crypto';
import { buildMessage, insertRows } from '../demo-parent/boot.js';
import { dialectOf, type Release } from '../demo-parent/releases.js';
import { Tables } from '../demo-parent/tables.js';
import { interCell, rpcBody, userContext } from '../demo-parent/write-message.js';
import type { LinkNames } from '../support/cell-config.js';

/** A build as a parent sends it, ready to be published. */
export interface ReadyBuild {
  readonly uuid: string;
  readonly body: Buffer;
}

/** Encodes one build whole and makes the others by replacing its ids: cheap, and outside the measured time. */
export function readyBuilds(count: number, release: Release, names: LinkNames): ReadyBuild[] {
  const dialect = dialectOf(release);
  const request = { name: 'bench', flavor: 'm1.tiny' };
  const rows = insertRows(request, dialect, new Tables());
  const { method, kwargs } = buildMessage(rows, request, dialect);
  const ctxt = userContext(dialect, { projectId: 'demo', userId: 'demo-user' });
  const message = interCell({ type: 'targeted', method, kwargs, ctxt, needResponse: false }, names.parentName, names.childName);
  const body = rpcBody(message, dialect).toString();
  const ids = [rows[0]?.uuid ?? '', String(message.uuid), String(ctxt.request_id).slice('req-'.length), uniqueIdIn(body)];
  return Array.from({ length: count }, () => {
    const fresh = [randomUUID(), randomUUID(), randomUUID(), randomUUID().replaceAll('-', '')];
    const text = ids.reduce((changed, id, index) => changed.replaceAll(id, fresh[index] ?? ''), body);
    return { uuid: fresh[0] ?? '', body: Buffer.from(text) };
  });
}

function uniqueIdIn(body: string): string {
  const match = /_unique_id[\\": ]+([0-9a-f]{32})/.exec(body);
  if (!match?.[1]) throw new Error('the body has no _unique_id');
  return match[1];
}
