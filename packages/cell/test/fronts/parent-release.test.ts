import { isJsonObject, RELEASES, type Release } from '@burstcell/wire';
import { describe, expect, it } from '@jest/globals';
import { evidenceOf } from '../../src/fronts/cells-v1/release-evidence.js';
import { ReleaseWatch } from '../../src/fronts/cells-v1/release-watch.js';
import { SpokenRelease } from '../../src/fronts/cells-v1/spoken-release.js';
import { CAPTURED, type CapturedDown, capturedBuilds, capturedDown } from './captured.js';
import { silentLog } from './tools.js';

/** Releases whose messages cannot be told from each other, and need not: what goes up to them is the same. */
const ALIKE: Partial<Record<Release, readonly Release[]>> = { ocata: ['newton', 'ocata'] };

const watching = (spoken: SpokenRelease) => {
  const findings: string[] = [];
  return { findings, watch: new ReleaseWatch(spoken, silentLog, (detail) => findings.push(detail)) };
};

function noted(watch: ReleaseWatch, messages: readonly CapturedDown[]): void {
  for (const { hints, message } of messages) watch.note(hints, message);
}

describe.each(CAPTURED)('the traffic of a real %s parent', (release) => {
  it('never speaks against that release', () => {
    const against = capturedDown(release).filter(
      ({ hints, message }) => !evidenceOf(hints, message).candidates.includes(release),
    );

    expect(against.map(({ message }) => message.methodName)).toEqual([]);
  });

  it('is recognised by a cell that was not told', () => {
    const spoken = new SpokenRelease(null, 'rocky');

    noted(watching(spoken).watch, capturedDown(release));

    expect(spoken.candidates).toEqual(ALIKE[release] ?? [release]);
    expect(spoken.isSettled).toBe(true);
  });

  it('is recognised well enough to report by the build alone', () => {
    const spoken = new SpokenRelease(null, 'rocky');

    noted(watching(spoken).watch, capturedBuilds(release).slice(0, 1));

    expect(spoken.isSettled).toBe(true);
    expect(spoken.candidates).toContain(release);
  });

  it('is no cause for complaint where it was configured', () => {
    const { watch, findings } = watching(new SpokenRelease(release, 'rocky'));

    noted(watch, capturedDown(release));

    expect(findings).toEqual([]);
  });

  it('is complained of, once, where another release was configured', () => {
    const other = RELEASES[(RELEASES.indexOf(release) + 3) % RELEASES.length] ?? 'rocky';
    const { watch, findings } = watching(new SpokenRelease(other, 'rocky'));
    const [message] = capturedDown(release);
    if (message === undefined) throw new Error('nothing was recorded');

    noted(watch, [message, message, message, message, message, message]);

    expect(findings).toEqual([expect.stringContaining(`parent_release is ${other}`)]);
    expect(findings[0]).toContain(release);
  });
});

describe('a parent that is not yet recognised', () => {
  const [build] = capturedBuilds('liberty');
  const query = capturedDown('liberty').find(
    ({ message }) => message.needResponse && !isJsonObject(message.methodKwargs.instance),
  );

  it('is told nothing while Kilo’s and Liberty’s forms are both possible', () => {
    const spoken = new SpokenRelease(null, 'rocky');

    noted(watching(spoken).watch, query === undefined ? [] : [query]);

    expect(spoken.candidates).toEqual(['kilo', 'liberty', 'mitaka']);
    expect(spoken.isSettled).toBe(false);
  });

  it('is spoken to in the oldest form that fits, which the newer reads too', () => {
    const spoken = new SpokenRelease(null, 'rocky');
    const { watch } = watching(spoken);

    watch.judge(['liberty', 'mitaka'], 'a test');

    expect([spoken.release, spoken.isSettled]).toEqual(['liberty', true]);
  });

  it('is known by its objects when its context is that of no release', () => {
    const spoken = new SpokenRelease(null, 'rocky');
    const patched = (each: CapturedDown) => ({
      ...each,
      hints: { ...each.hints, contextKeys: ['user_identity', 'system_scope'] },
    });

    noted(watching(spoken).watch, capturedBuilds('mitaka').map(patched));

    expect([spoken.release, spoken.isSettled]).toEqual(['mitaka', true]);
  });

  it('changes nothing of a configured release', () => {
    const spoken = new SpokenRelease('kilo', 'rocky');

    noted(watching(spoken).watch, build === undefined ? [] : [build, build, build, build]);

    expect(spoken.release).toBe('kilo');
  });
});

describe('a parent that was upgraded', () => {
  it('is recognised anew when it keeps at it; one odd message is not enough', () => {
    const spoken = new SpokenRelease(null, 'rocky');
    const { watch } = watching(spoken);
    const [before] = capturedBuilds('pike');
    const [after] = capturedBuilds('queens');
    if (before === undefined || after === undefined) throw new Error('nothing was recorded');

    noted(watch, [before, after, after]);
    const meanwhile = spoken.release;
    noted(watch, [after]);

    expect([meanwhile, spoken.release]).toEqual(['pike', 'queens']);
  });

  it('is not confused by what comes up from a cell below', () => {
    const spoken = new SpokenRelease(null, 'rocky');
    const [build] = capturedBuilds('juno');
    if (build === undefined) throw new Error('nothing was recorded');

    noted(watching(spoken).watch, [{ ...build, message: { ...build.message, direction: 'up' } }]);

    expect(spoken.candidates).toEqual(RELEASES);
  });
});
