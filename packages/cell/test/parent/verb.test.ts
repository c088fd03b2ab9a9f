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
    expect(asJudged(PAUSE, { cloud: 'ec2', release: 'rocky' })).toMatchObject({ rest: ['ACTIVE'], refused: { by: 'cell' } });
  });

  it('is to be refused by parents of one release alone where that is what it says', () => {
    const boot: Verb = { ...PAUSE, refused: { by: 'parent', why: 'it knows no zone', release: 'ocata', rest: ['GONE'] } };

    expect(asJudged(boot, { cloud: 'ec2', release: 'ocata' })).toMatchObject({ rest: ['GONE'], refused: { by: 'parent' } });
    expect(asJudged(boot, { cloud: 'ec2', release: 'pike' })).not.toHaveProperty('refused');
  });

  it('is to be served elsewhere', () => {
    expect(asJudged(PAUSE, { cloud: 'simulator', release: 'rocky' })).toEqual({
      name: 'pause',
      issue: 'B',
      ask: PAUSE.ask,
      rest: ['PAUSED'],
    });
  });
});
