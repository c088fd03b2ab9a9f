import { describe, expect, it } from '@jest/globals';
import { windowSince } from '../src/verbs/metric-window.js';

const DAY_S = 86_400;
const at = (text: string) => Date.parse(text);

describe('the window of metrics', () => {
  it('of a month is in days, today included', () => {
    expect(windowSince(at('2020-03-01T00:00:00Z'), at('2020-03-31T12:34:56Z'))).toEqual({
      start: new Date('2020-03-01T00:00:00Z'),
      end: new Date('2020-04-01T00:00:00Z'),
      periodSeconds: DAY_S,
    });
  });

  it('of some hours is in the five minutes of basic monitoring', () => {
    expect(windowSince(at('2020-03-01T10:01:02Z'), at('2020-03-01T12:34:56Z'))).toEqual({
      start: new Date('2020-03-01T10:00:00Z'),
      end: new Date('2020-03-01T12:35:00Z'),
      periodSeconds: 300,
    });
  });

  it.each([
    ['2020-03-10T10:01:02Z', 3_600],
    ['2020-07-10T10:01:02Z', DAY_S],
    ['2021-05-01T10:01:02Z', DAY_S],
  ])('that is long, until %s, has longer periods, which CloudWatch keeps and which are few', (until, periodSeconds) => {
    const window = windowSince(at('2020-03-01T10:01:02Z'), at(until));

    expect(window.periodSeconds).toBe(periodSeconds);
    expect((window.end.getTime() - window.start.getTime()) / (1_000 * periodSeconds)).toBeLessThan(1_250);
  });
});
