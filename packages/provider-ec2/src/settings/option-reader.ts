import { isReserved, TEMPLATE_WORDS } from '../launching/tags.js';
import { PriceFileError, type PriceTable, readPriceFile } from '../planning/price-file.js';
import { type Ec2Option, ec2Options } from './options.js';

/** A wrong `[ec2]` section: which key, and what to do about it. Never shows a secret's value. */
export class Ec2OptionError extends Error {
  override readonly name = 'Ec2OptionError';
  constructor(
    readonly key: string,
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(`[ec2] ${key}: ${problem}; ${remedy}`);
  }
}

const TRUE = /^(true|yes|on|1)$/i;
const FALSE = /^(false|no|off|0)$/i;

/** Reads option texts the way oslo.config does, by the table of options. */
export class OptionReader {
  constructor(private readonly values: Readonly<Record<string, string>>) {
    const known = ec2Options.map((option) => option.name);
    const unknown = Object.keys(values).find((key) => !known.includes(key));
    if (unknown !== undefined) throw new Ec2OptionError(unknown, 'is not an option', `use one of ${known.join(', ')}`);
  }

  optional(key: string): string | undefined {
    const text = (this.values[key] ?? this.#option(key).default ?? '').trim();
    return text === '' ? undefined : text;
  }

  required(key: string, remedy: string): string {
    const text = this.optional(key);
    if (text === undefined) throw new Ec2OptionError(key, 'is not set', remedy);
    return text;
  }

  text(key: string): string {
    const { choices } = this.#option(key);
    const text = this.required(key, 'give it a value or remove the line');
    if (choices && !choices.includes(text))
      throw new Ec2OptionError(key, `has no choice ${text}`, `use one of ${choices.join(', ')}`);
    return text;
  }

  url(key: string): string | undefined {
    const text = this.optional(key);
    if (text !== undefined && !(URL.canParse(text) && /^https?:/.test(text))) {
      throw new Ec2OptionError(key, 'is no URL', 'write it as http://host:port or https://host');
    }
    return text;
  }

  boolean(key: string): boolean {
    const text = this.text(key);
    if (TRUE.test(text)) return true;
    if (FALSE.test(text)) return false;
    throw new Ec2OptionError(key, `is neither true nor false: ${text}`, 'write true or false');
  }

  integer(key: string): number {
    const { min = 0 } = this.#option(key);
    const text = this.text(key);
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < min)
      throw new Ec2OptionError(key, `cannot be ${text}`, `write a whole number from ${min} up`);
    return value;
  }

  list(key: string): readonly string[] {
    return split(this.optional(key) ?? '', ',');
  }

  /** The value is what follows the last colon, for names of images have colons and ids of AWS have none. */
  map(key: string): Readonly<Record<string, string>> {
    return Object.fromEntries(this.list(key).map((entry) => this.#pair(key, entry)));
  }

  lists(key: string): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(Object.entries(this.map(key)).map(([name, value]) => [name, split(value, '|')]));
  }

  tags(key: string): Readonly<Record<string, string>> {
    const tags = this.map(key);
    for (const [name, template] of Object.entries(tags)) {
      if (isReserved(name)) throw new Ec2OptionError(key, `${name} is reserved or too long`, 'choose another tag name');
      const word = [...template.matchAll(/\{(\w*)\}/g)]
        .map((match) => match[1] ?? '')
        .find((found) => !Object.hasOwn(TEMPLATE_WORDS, found));
      if (word === undefined) continue;
      throw new Ec2OptionError(key, `{${word}} stands for nothing`, `use ${Object.keys(TEMPLATE_WORDS).join(', ')}`);
    }
    return tags;
  }

  /** A text with words in braces, all of which must be among these. */
  template(key: string, words: readonly string[]): string | undefined {
    const text = this.optional(key);
    const unknown = [...(text ?? '').matchAll(/\{(\w*)\}/g)].map((match) => match[1] ?? '').find((word) => !words.includes(word));
    if (unknown !== undefined) throw new Ec2OptionError(key, `{${unknown}} stands for nothing`, `use ${words.join(', ')}`);
    return text;
  }

  prices(key: string): PriceTable {
    const path = this.optional(key);
    try {
      return path === undefined ? {} : readPriceFile(path);
    } catch (error) {
      if (error instanceof PriceFileError) throw new Ec2OptionError(key, error.message, error.remedy);
      throw error;
    }
  }

  tagPrefix(key: string): string | undefined {
    const prefix = this.optional(key);
    if (prefix !== undefined && isReserved(prefix))
      throw new Ec2OptionError(key, `${prefix} is reserved or too long`, 'choose another prefix');
    return prefix;
  }

  #pair(key: string, entry: string): [string, string] {
    const colon = entry.lastIndexOf(':');
    const name = entry.slice(0, Math.max(0, colon)).trim();
    const value = entry.slice(colon + 1).trim();
    if (name === '' || value === '')
      throw new Ec2OptionError(key, `"${entry}" is no pair`, 'write name:value, several of them with commas');
    return [name, value];
  }

  #option(key: string): Ec2Option {
    const option = ec2Options.find(({ name }) => name === key);
    if (!option) throw new Ec2OptionError(key, 'is not an option', 'add it to the table of options');
    return option;
  }
}

function split(text: string, by: string): readonly string[] {
  return text
    .split(by)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
