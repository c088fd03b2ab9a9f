import { ManualClock } from '@burstcell/provider/simulator';
import { describe, expect, it } from '@jest/globals';

describe('a manual clock', () => {
  it('stands still until it is moved', () => {
    const clock = new ManualClock(1_000);

    expect(clock.now()).toBe(1_000);

    clock.advance(500);
    expect(clock.now()).toBe(1_500);
  });

  it('rings alarms in the order they fall due, each at its own time', () => {
    const clock = new ManualClock(0);
    const rung: [string, number][] = [];
    clock.after(20, () => rung.push(['later', clock.now()]));
    clock.after(10, () => rung.push(['sooner', clock.now()]));

    clock.advance(30);

    expect(rung).toEqual([
      ['sooner', 10],
      ['later', 20],
    ]);
  });

  it('rings an alarm that another one set, if it falls due in the same move', () => {
    const clock = new ManualClock(0);
    const rung: number[] = [];
    clock.after(10, () => clock.after(5, () => rung.push(clock.now())));

    clock.advance(15);

    expect(rung).toEqual([15]);
  });

  it('does not ring what was taken back', () => {
    const clock = new ManualClock(0);
    let isRung = false;
    const takeBack = clock.after(10, () => {
      isRung = true;
    });

    takeBack();
    clock.advance(20);

    expect(isRung).toBe(false);
  });
});
