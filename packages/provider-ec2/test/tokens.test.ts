import { describe, expect, it } from '@jest/globals';
import { launchToken } from '../src/launching/tokens.js';

const identity = { cellName: 'ec2', incarnation: 'first', members: ['a', 'b'], attempt: 1, offeringKey: 'm5.large/zone' };

describe('launch tokens', () => {
  it('are the same for the same launch in every process', () => {
    expect(launchToken(identity)).toBe('burst-SvhKqKdnGxdj51TLhl1U1x-9L5g32Km4-vc-Oafl_QU');
    expect(launchToken({ ...identity })).toBe(launchToken(identity));
  });

  it('fit what AWS takes', () => {
    expect(launchToken({ ...identity, members: Array.from({ length: 500 }, (_, at) => `uuid-${at}`) })).toMatch(
      /^[\x21-\x7e]{1,64}$/,
    );
  });

  it.each([
    ['cell', { cellName: 'other' }],
    ['incarnation', { incarnation: 'second' }],
    ['attempt', { attempt: 2 }],
    ['offering', { offeringKey: 'c5.large/zone' }],
    ['order of members', { members: ['b', 'a'] }],
    ['members', { members: ['a,b'] }],
  ])('change with the %s', (_, change) => {
    expect(launchToken({ ...identity, ...change })).not.toBe(launchToken(identity));
  });
});
