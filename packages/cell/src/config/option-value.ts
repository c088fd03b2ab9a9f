import { ConfigError, type Place } from './config-error.js';
import type { ConfigOption } from './option.js';

/** An option's text on its way to a value. */
export interface OptionText {
  readonly group: string;
  readonly option: ConfigOption;
  readonly text: string;
  readonly place?: Place;
}

const TRUE = new Set(['true', '1', 'on', 'yes']);
const FALSE = new Set(['false', '0', 'off', 'no']);

/** Throws when the text cannot be a value of the option, whatever the caller makes of it. */
export function check(value: OptionText): void {
  const { type, choices } = value.option;
  if (type === 'boolean') toBoolean(value);
  if (type === 'integer' || type === 'number') toNumber(value);
  if (type === 'url' && !/^[a-z][a-z0-9+.-]*:/i.test(value.text)) throw wrong(value, 'is not a URL', `Write ${example(value)}.`);
  if (choices === undefined || choices.includes(value.text)) return;
  throw wrong(value, `cannot be '${value.text}'`, `Use one of ${choices.join(', ')}.`);
}

export function toBoolean(value: OptionText): boolean {
  const word = value.text.toLowerCase();
  if (TRUE.has(word)) return true;
  if (FALSE.has(word)) return false;
  throw wrong(value, `is neither true nor false: '${value.text}'`, 'Write true or false.');
}

export function toNumber(value: OptionText): number {
  const { type, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = value.option;
  const form = type === 'integer' ? /^[+-]?\d+$/ : /^[+-]?\d+(\.\d+)?$/;
  const number = Number(value.text);
  if (form.test(value.text) && number >= min && number <= max) return number;
  throw wrong(
    value,
    `cannot be '${value.text}'`,
    `Write ${type === 'integer' ? 'a whole number' : 'a number'}${range(min, max)}.`,
  );
}

export function toList(value: OptionText): readonly string[] {
  return value.text
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** The error for a text that passed {@link check} and is still of no use. */
export function wrong({ group, option, place }: OptionText, problem: string, remedy: string): ConfigError {
  return new ConfigError(`[${group}] ${option.name} ${problem}`, remedy, place);
}

function range(min: number, max: number): string {
  if (Number.isFinite(min) && Number.isFinite(max)) return ` from ${min} to ${max}`;
  if (Number.isFinite(min)) return ` from ${min} up`;
  return Number.isFinite(max) ? ` up to ${max}` : '';
}

function example({ option }: OptionText): string {
  return option.name === 'transport_url' ? 'rabbit://user:password@host:5672/vhost' : 'scheme://user:password@host:port/database';
}
