import { InvalidArgumentError } from 'commander';

/** A whole number from 1, of the command line. */
export function positive(text: string): number {
  const value = whole(text);
  if (value < 1) throw new InvalidArgumentError('a whole number from 1 is wanted');
  return value;
}

/** A whole number from 0, of the command line. */
export function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number is wanted');
  return value;
}
