import { describe, expect, it } from '@jest/globals';
import { asJudged, type Verb } from './verb.js';

const PAUSE: Verb = {
  name: 'pause',
  issue: 'B',
  ask: { cli: ['pause', '{server}'] },
  rest: ['PAUSED'],
  refused: { by: 'cell', why: 'EC2 cannot pause', on: 'ec2', rest: ['ACTIVE'] },
};

describe('a verb that only some clouds refuse', () => {
  it('is to be refused there, with the server left where it was', () => {
    expect(asJudged(PAUSE, 'ec2')).toMatchObject({ rest: ['ACTIVE'], refused: { by: 'cell' } });
  });

  it('is to be served elsewhere', () => {
    expect(asJudged(PAUSE, 'simulator')).toEqual({ name: 'pause', issue: 'B', ask: PAUSE.ask, rest: ['PAUSED'] });
  });
});
