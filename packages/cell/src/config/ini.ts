import { ConfigError, type Place } from './config-error.js';

/** One `key = value` of a file, with its continuation lines joined by line feeds. */
export interface IniEntry extends Place {
  readonly group: string;
  readonly key: string;
  readonly value: string;
}

interface Draft {
  readonly key: string;
  readonly lines: string[];
  readonly line: number;
}

/**
 * Reads a file as oslo.config does (oslo_config/iniparser.py): comments are whole lines, so a
 * value may hold `#`, `;` and `=`; an indented line continues the value above it; an equal pair
 * of quotes around a value is taken off. Repeated keys stay repeated.
 * Throws a {@link ConfigError} with the line.
 */
export function parseIni(text: string, file: string): readonly IniEntry[] {
  const reader = new IniReader(file);
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .forEach((line, index) => {
      reader.read(line.trimEnd(), index + 1);
    });
  return reader.finish();
}

class IniReader {
  readonly #entries: IniEntry[] = [];
  #group: string | undefined;
  #draft: Draft | undefined;

  constructor(private readonly file: string) {}

  read(line: string, number: number): void {
    if (/^\s/.test(line)) {
      this.#continue(line.trim(), number);
      return;
    }
    this.#close();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return;
    if (line.startsWith('[')) this.#group = this.#section(line, number);
    else this.#draft = this.#assignment(line, number);
  }

  finish(): readonly IniEntry[] {
    this.#close();
    return this.#entries;
  }

  #continue(text: string, line: number): void {
    if (this.#draft === undefined) throw this.#error(line, 'an indented line continues nothing', 'Begin the line at the margin.');
    this.#draft.lines.push(text);
  }

  #section(line: string, number: number): string {
    const name = /^\[(.*)\]$/.exec(line)?.[1]?.trim();
    if (!name)
      throw this.#error(number, 'a section is written [name]', 'Correct the line; a comment must stand on a line of its own.');
    return name;
  }

  /** The first of `=` and `:` ends the key. */
  #assignment(line: string, number: number): Draft {
    const match = /^([^=:]*)[=:](.*)$/.exec(line);
    const key = match?.[1]?.trim();
    if (!key) throw this.#error(number, 'neither a section, a comment nor key = value', 'Correct or remove the line.');
    if (this.#group === undefined) throw this.#error(number, `${key} stands before the first section`, 'Put [DEFAULT] above it.');
    return { key, lines: [unquoted((match?.[2] ?? '').trim())], line: number };
  }

  #close(): void {
    if (this.#draft === undefined) return;
    const { key, lines, line } = this.#draft;
    this.#entries.push({ group: this.#group ?? '', key, value: lines.join('\n'), file: this.file, line });
    this.#draft = undefined;
  }

  #error(line: number, problem: string, remedy: string): ConfigError {
    return new ConfigError(problem, remedy, { file: this.file, line });
  }
}

function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}
