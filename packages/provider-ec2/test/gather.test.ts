import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../src/fake/index.js';
import { Gatherer } from '../src/watching/gather.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

interface Held {
  readonly keys: readonly string[];
  readonly signal: AbortSignal;
  readonly answer: (known?: readonly string[]) => void;
  readonly fail: (error: Error) => void;
}

/** A gatherer whose calls are answered by the test. */
function aGatherer(maxKeys = 100) {
  const clock = new ManualClock();
  const calls: Held[] = [];
  const gatherer = new Gatherer<string>({
    maxWaitMs: 200,
    maxKeys,
    clock,
    run: (keys, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        const answer = (known = keys) => resolve(new Map(known.map((key) => [key, key.toUpperCase()])));
        calls.push({ keys, signal, answer, fail: reject });
      }),
  });
  return { clock, calls, gatherer };
}

describe('gathering', () => {
  it('sends a lone question in the next turn', async () => {
    const { calls, gatherer } = aGatherer();
    const answer = gatherer.ask(['a']);

    await turn();
    calls[0]?.answer();

    expect(await answer).toEqual(new Map([['a', 'A']]));
  });

  it('puts questions of one moment into one call, each key once', async () => {
    const { calls, gatherer } = aGatherer();
    const answers = [gatherer.ask(['a', 'b']), gatherer.ask(['b', 'c'])];

    await turn();
    expect(calls.map(({ keys }) => keys)).toEqual([['a', 'b', 'c']]);
    calls[0]?.answer(['a', 'c']);

    expect(await Promise.all(answers)).toEqual([new Map([['a', 'A']]), new Map([['c', 'C']])]);
  });

  it('holds later questions until the call under way has ended', async () => {
    const { calls, gatherer } = aGatherer();
    gatherer.ask(['a']);
    await turn();
    gatherer.ask(['b']);
    await turn();
    gatherer.ask(['c']);
    await turn();
    expect(calls).toHaveLength(1);

    calls[0]?.answer();
    await turn();

    expect(calls[1]?.keys).toEqual(['b', 'c']);
  });

  it('holds them no longer than its limit', async () => {
    const { clock, calls, gatherer } = aGatherer();
    gatherer.ask(['a']);
    await turn();
    gatherer.ask(['b']);

    clock.advance(200);
    await turn();

    expect(calls.map(({ keys }) => keys)).toEqual([['a'], ['b']]);
  });

  it('splits what is too much for one call', async () => {
    const { calls, gatherer } = aGatherer(2);
    const answer = gatherer.ask(['a', 'b', 'c']);

    await turn();
    calls[0]?.answer();
    await turn();
    expect(calls.map(({ keys }) => keys)).toEqual([['a', 'b'], ['c']]);
    calls[1]?.answer();

    expect((await answer).size).toBe(3);
  });

  it('tells everybody of a failure', async () => {
    const { calls, gatherer } = aGatherer();
    const answers = [gatherer.ask(['a']), gatherer.ask(['b'])].map((answer) => expect(answer).rejects.toThrow('lost'));

    await turn();
    calls[0]?.fail(new Error('lost'));

    await Promise.all(answers);
  });

  it('does not ask what is no longer wanted, and ends a call that nobody waits for', async () => {
    const { calls, gatherer } = aGatherer();
    const [early, late] = [new AbortController(), new AbortController()];
    const answers = [gatherer.ask(['a'], early.signal), gatherer.ask(['b'], late.signal)].map((answer) =>
      expect(answer).rejects.toThrow(),
    );

    early.abort();
    await turn();
    expect(calls[0]?.keys).toEqual(['b']);
    late.abort();

    await Promise.all(answers);
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  it('goes on for the others when one waits no longer', async () => {
    const { calls, gatherer } = aGatherer();
    const controller = new AbortController();
    const gone = expect(gatherer.ask(['a'], controller.signal)).rejects.toThrow();
    const stays = gatherer.ask(['a']);
    await turn();

    controller.abort();
    calls[0]?.answer();

    await gone;
    expect(await stays).toEqual(new Map([['a', 'A']]));
  });
});
