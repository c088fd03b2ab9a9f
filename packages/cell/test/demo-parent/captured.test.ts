import { describe, expect, it } from '@jest/globals';
import { CAPTURED_RELEASES, type Captured, capturedOf, deliveryOf } from './fixtures.js';
import { isObject, type JsonObject } from './json.js';
import { aJudge, aRow } from './judge-bench.js';
import type { Release } from './releases.js';
import type { Violation } from './violations.js';

/**
 * What real children do that their real parents dropped or choked on, by release and code
 * (seen in their logs: Havana's first network_info is a list, Juno's first update names numa_topology, …).
 */
const KNOWN: Partial<Record<Release, readonly string[]>> = {
  havana: ['network-info-form', 'bad-answer'],
  juno: ['poison-key', 'bad-answer'],
  grizzly: ['failure-module'],
};

describe('messages of real children, at the demo parent of their release', () => {
  for (const release of CAPTURED_RELEASES) {
    it.each(capturedOf(release).map((captured) => [`${captured.from}: ${String(captured.message.method_name)}`, captured]))(
      `${release} takes %s`,
      (_name, captured) => {
        const violations = judged(release, captured as Captured);

        const grave = violations.filter(({ severity }) => severity === 'lost' || severity === 'harm');
        expect(grave.filter(({ code }) => !KNOWN[release]?.includes(code))).toEqual([]);
      },
    );
  }

  it('takes the parts of Havana and Juno that the real ones refuse for what they are', () => {
    const havana = capturedOf('havana').flatMap((captured) => judged('havana', captured));
    const juno = capturedOf('juno').flatMap((captured) => judged('juno', captured));

    expect(havana.map(({ code }) => code)).toContain('network-info-form');
    expect(juno.map(({ code }) => code)).toContain('poison-key');
  });
});

function judged(release: Release, captured: Captured): readonly Violation[] {
  const { judge, tables, dialect, asked } = aJudge(release, namesIn(captured.message));
  const uuid = uuidIn(captured.message);
  // The row as far as this message needs it: real ones follow earlier messages that are not here.
  if (uuid)
    aRow(tables, release, {
      uuid,
      bare: true,
      columns: { host: 'h', launched_at: '2026-01-01T00:00:00Z', vm_state: 'building' },
    });
  const { response_uuid: question } = captured.message;
  if (typeof question === 'string') asked.ask(question, methodAsked(captured.message)).catch(() => {});

  judge.receive(deliveryOf(captured, dialect)).store?.();

  asked.stop();
  return judge.violations;
}

function namesIn(message: JsonObject): { own?: string; child: string } {
  const target = message.target_cell;
  const child = String(message.routing_path);
  return typeof target === 'string' ? { own: target.slice(child.length + 1), child } : { child };
}

function uuidIn(message: JsonObject): string | undefined {
  const { instance } = message.method_kwargs as JsonObject;
  if (!isObject(instance)) return undefined;
  const data = instance['nova_object.data'];
  return String(isObject(data) ? data.uuid : instance.uuid);
}

function methodAsked(message: JsonObject): string {
  const { orig_message: original } = message.method_kwargs as JsonObject;
  const asked = JSON.parse(String(original)) as JsonObject;
  const info = (asked.method_kwargs as JsonObject).method_info;
  return String(isObject(info) ? info.method : asked.method_name);
}
