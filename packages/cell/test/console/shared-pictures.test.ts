import { ProviderError, type Screenshot } from '@burstcell/provider';
import { describe, expect, it, jest } from '@jest/globals';
import { SharedPictures } from '../../src/console/shared-pictures.js';

const FRESH_MS = 4_000;

/** Pictures that tell which call took them. */
function aCamera() {
  const calls: [id: string, wake: boolean][] = [];
  const ends: (() => void)[] = [];
  const shoot = async (id: string, wake: boolean): Promise<Screenshot> => {
    calls.push([id, wake]);
    const number = calls.length;
    await new Promise<void>((resolve) => ends.push(resolve));
    if (id === 'refused') throw new ProviderError('unavailable', 'not now');
    return { contentType: 'image/png', image: Buffer.from([number]), takenAt: 'now' };
  };
  const pictures = new SharedPictures(shoot, FRESH_MS);
  const develop = () => {
    for (const end of ends.splice(0)) end();
  };
  return { calls, pictures, develop };
}

const numberOf = async (picture: Promise<Screenshot>) => (await picture).image[0];

describe('pictures of a screen', () => {
  it('are one for all who look while it is taken and for some seconds after, one more then', async () => {
    jest.useFakeTimers();
    const { calls, pictures, develop } = aCamera();
    const watchers = Array.from({ length: 50 }, () => pictures.take('a', false));
    const another = pictures.take('b', false);
    develop();

    expect(new Set(await Promise.all(watchers.map(numberOf)))).toEqual(new Set([1]));
    expect(await numberOf(another)).toBe(2);
    jest.advanceTimersByTime(FRESH_MS - 1);
    expect(await numberOf(pictures.take('a', false))).toBe(1);
    jest.advanceTimersByTime(1);
    const later = pictures.take('a', false);
    develop();
    expect(await numberOf(later)).toBe(3);

    expect(calls).toHaveLength(3);
    jest.useRealTimers();
  });

  it('are refused once for all who look', async () => {
    jest.useFakeTimers();
    const { calls, pictures, develop } = aCamera();
    const watchers = [pictures.take('refused', false), pictures.take('refused', false)];
    develop();

    for (const each of watchers) await expect(each).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(pictures.take('refused', false)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(calls).toHaveLength(1);
    jest.advanceTimersByTime(FRESH_MS);
    const again = pictures.take('refused', false);
    develop();
    await expect(again).rejects.toMatchObject({ kind: 'unavailable' });
    expect(calls).toHaveLength(2);
    jest.useRealTimers();
  });

  it('are taken anew for who wants the server awake, once, and then for all', async () => {
    const { calls, pictures, develop } = aCamera();
    const asleep = pictures.take('a', false);
    const awake = [pictures.take('a', true), pictures.take('a', true), pictures.take('a', false)];
    develop();

    expect(await numberOf(asleep)).toBe(1);
    expect(await Promise.all(awake.map(numberOf))).toEqual([2, 2, 2]);
    expect(calls).toEqual([
      ['a', false],
      ['a', true],
    ]);
  });
});
