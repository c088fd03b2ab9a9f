import type { Dice } from './dice.js';

const LONGEST_SLICE = 200;

type Change = (body: Buffer, dice: Dice) => Buffer;

const flip: Change = (body, dice) => {
  const changed = Buffer.from(body);
  const at = dice.below(changed.length);
  changed[at] = (changed[at] ?? 0) ^ (1 << dice.below(8));
  return changed;
};

const cut: Change = (body, dice) => body.subarray(0, dice.below(body.length));

const drop: Change = (body, dice) => {
  const at = dice.below(body.length);
  return Buffer.concat([body.subarray(0, at), body.subarray(at + 1 + dice.below(LONGEST_SLICE))]);
};

const double: Change = (body, dice) => {
  const at = dice.below(body.length);
  return Buffer.concat([body.subarray(0, at + dice.below(LONGEST_SLICE)), body.subarray(at)]);
};

const insert: Change = (body, dice) => {
  const at = dice.below(body.length);
  const noise = Buffer.from(Array.from({ length: 1 + dice.below(8) }, () => dice.below(256)));
  return Buffer.concat([body.subarray(0, at), noise, body.subarray(at)]);
};

const CHANGES: readonly Change[] = [flip, flip, flip, cut, drop, double, insert];

/** A few bytes of the body changed, lost, doubled or added. */
export function mutateBytes(body: Buffer, dice: Dice): Buffer {
  let changed = body;
  for (let times = 1 + dice.below(3); times > 0 && changed.length > 0; times -= 1) changed = dice.pick(CHANGES)(changed, dice);
  return changed;
}
