import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  type InterCellMessage,
  interCellMessageOf,
  isJsonObject,
  isRelease,
  type JsonObject,
  openEnvelope,
  parseJson,
  type Release,
  type ReleaseHints,
} from '@burstcell/wire';
import { repository } from '../support/environment.js';

/** A message of an unmodified parent to an unmodified child. */
export interface CapturedDown {
  readonly verb: string;
  readonly message: InterCellMessage;
  readonly hints: ReleaseHints;
}

const FIXTURES = join(repository, 'packages/wire/test/fixtures');

/** Releases with recorded traffic. */
export const CAPTURED: readonly Release[] = readdirSync(FIXTURES).filter(isRelease);

const CONTEXT = '_context_';

/** What the parents of that release sent down. */
export function capturedDown(release: Release): readonly CapturedDown[] {
  const file = join(FIXTURES, release, 'messages.ndjson.gz');
  const lines = gunzipSync(new Uint8Array(readFileSync(file)))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.map((line) => captured(parseJson(line) as JsonObject)).filter(({ message }) => message.direction === 'down');
}

export function capturedBuilds(release: Release): readonly CapturedDown[] {
  return capturedDown(release).filter(({ message }) => /^(build_instances|schedule_run_instance)$/.test(message.methodName));
}

function captured({ verb, body }: JsonObject): CapturedDown {
  const { rpc, envelope } = openEnvelope(Buffer.from(String(body)));
  if (!isJsonObject(rpc) || !isJsonObject(rpc.args)) throw new Error('a fixture is no RPC dict');
  const contextKeys = Object.keys(rpc).filter((key) => key.startsWith(CONTEXT));
  return {
    verb: String(verb),
    message: interCellMessageOf({ method: String(rpc.method), args: rpc.args }),
    hints: {
      envelope,
      namespaceKey: Object.hasOwn(rpc, 'namespace'),
      contextKeys: contextKeys.map((key) => key.slice(CONTEXT.length)),
    },
  };
}
