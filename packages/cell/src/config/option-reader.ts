import { ConfigError } from './config-error.js';
import { type OptionText, toBoolean, toList, toNumber, wrong } from './option-value.js';
import type { RawConfig } from './raw-config.js';

/** Reads single options of the merged files by type. Every method throws a {@link ConfigError} for a wrong text. */
export class OptionReader {
  constructor(private readonly raw: RawConfig) {}

  text(group: string, name: string): string {
    return this.#required(group, name).text;
  }

  textOrNull(group: string, name: string): string | null {
    return this.raw.text(group, name)?.text ?? null;
  }

  boolean(group: string, name: string): boolean {
    return toBoolean(this.#required(group, name));
  }

  number(group: string, name: string): number {
    return toNumber(this.#required(group, name));
  }

  numberOrNull(group: string, name: string): number | null {
    const value = this.raw.text(group, name);
    return value === undefined ? null : toNumber(value);
  }

  /** An option given in seconds, as milliseconds. */
  seconds(group: string, name: string): number {
    return this.number(group, name) * 1000;
  }

  list(group: string, name: string): readonly string[] {
    const value = this.raw.text(group, name);
    return value === undefined ? [] : toList(value);
  }

  wholeNumbers(group: string, name: string): readonly number[] {
    const value = this.raw.text(group, name);
    if (value === undefined) return [];
    return toList(value).map((item) => toNumber({ ...value, text: item, option: { ...value.option, type: 'integer', min: 0 } }));
  }

  /** `!` separates the cells of a routing path, `@` a cell from a host or id (nova/cells/utils.py). */
  cellName(group: string, name: string): string {
    const value = this.#required(group, name);
    if (/[!@\s]/.test(value.text)) throw wrong(value, `cannot be '${value.text}'`, 'Leave out !, @ and spaces.');
    return value.text;
  }

  #required(group: string, name: string): OptionText {
    const value = this.raw.text(group, name);
    if (value !== undefined) return value;
    throw new ConfigError(`[${group}] ${name} is empty`, 'Give it a value or remove the line.', this.raw.placeOf(group, name));
  }
}
