import { describe, expect, it } from '@jest/globals';
import type { Run } from './report.js';
import { type RealResult, sideBySide } from './side-by-side.js';
import type { Outcome } from './verb-runner.js';

describe("our child beside nova's own", () => {
  it('counts only the verbs that both were asked', () => {
    const text = sideBySide(aRun([ours('boot'), ours('pause'), ours('no-room')]), [theirs('boot'), theirs('pause', false)]);

    expect(text).toContain("of the 2 verbs that both were asked: ours 2 as wanted, nova's own 1");
  });

  it('does not count what either skipped', () => {
    const text = sideBySide(aRun([ours('boot'), { ...ours('no-room'), answer: 'skipped' }]), [theirs('boot'), theirs('no-room')]);

    expect(text).toContain('of the 1 verbs');
  });

  it("says where nova's own fell short", () => {
    const text = sideBySide(aRun([ours('pause')]), [{ ...theirs('pause', false), note: 'stands at MIGRATING' }]);

    expect(text).toContain('stands at MIGRATING');
  });
});

function ours(verb: string): Outcome {
  return { verb, issue: 'B', asWanted: true, answer: 'ok', state: 'ACTIVE', answeredSeconds: 1, settledSeconds: 2, note: '' };
}

function theirs(verb: string, asWanted = true): RealResult {
  return { verb, asWanted, answer: 'ok', state: 'ACTIVE', settledSeconds: 2, note: '' };
}

function aRun(outcomes: Outcome[]): Run {
  return { release: 'rocky', child: 'burstcell', promised: ['A', 'B'], outcomes, findings: [] };
}
