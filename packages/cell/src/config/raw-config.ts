import { readFileSync } from 'node:fs';
import { ConfigError, type Place } from './config-error.js';
import { foreignGroups } from './foreign-groups.js';
import { type IniEntry, parseIni } from './ini.js';
import type { ConfigOption, OptionGroup } from './option.js';
import { check, type OptionText } from './option-value.js';
import { substitute } from './substitute.js';
import { suggest } from './suggest.js';

/** The files, merged: of a repeated key the last line of the last file counts. */
export class RawConfig {
  readonly warnings: string[] = [];
  readonly #entries: readonly IniEntry[];

  /** Throws a {@link ConfigError} for unreadable files, unknown sections and unknown keys of ours. */
  constructor(
    files: readonly string[],
    readonly groups: readonly OptionGroup[],
  ) {
    this.#entries = files.flatMap((file) => parseIni(readFile(file), file));
    for (const entry of this.#entries) this.#judge(entry);
  }

  /** The text of an option, references replaced and checked; undefined when it has neither value nor default. */
  text(group: string, name: string): OptionText | undefined {
    const option = this.option(group, name);
    const lines = this.#lines(group, option);
    const last = lines.at(-1);
    const raw = option.type === 'multi' && last ? lines.map((line) => line.value).join('\n') : (last?.value ?? option.default);
    if (raw === null || (raw === '' && last === undefined)) return this.#missing(group, option);
    const place: { place?: Place } = last === undefined ? {} : { place: { file: last.file, line: last.line } };
    const text = substitute(raw, { group, lookup: (g, n) => this.#lookup(g, n), isSecret: isSecret(option), ...place });
    const value = { group, option, text, ...place };
    if (value.text === '') return this.#missing(group, option);
    check(value);
    return value;
  }

  /** Where an option was set; undefined when it was not. */
  placeOf(group: string, name: string): Place | undefined {
    const last = this.#lines(group, this.option(group, name)).at(-1);
    return last && { file: last.file, line: last.line };
  }

  /** Every option of a section that the files set, checked, as text. */
  section(group: string): Readonly<Record<string, string>> {
    const options = this.groups.find((candidate) => candidate.name === group)?.options ?? [];
    const set = options.filter((option) => this.#lines(group, option).length > 0);
    return Object.fromEntries(set.map((option) => [option.name, this.text(group, option.name)?.text ?? '']));
  }

  option(group: string, name: string): ConfigOption {
    const option = this.groups.find((candidate) => candidate.name === group)?.options.find((one) => one.name === name);
    if (option === undefined) throw new Error(`[${group}] ${name} is not in the option tables`);
    return option;
  }

  #missing(group: string, option: ConfigOption): undefined {
    if (!option.isRequired) return undefined;
    throw new ConfigError(`[${group}] ${option.name} is not set`, option.help);
  }

  /** Lines of the option, or of its older names where it has none. */
  #lines(group: string, option: ConfigOption): readonly IniEntry[] {
    const own = this.#entries.filter((entry) => entry.group === group && entry.key === option.name);
    if (own.length > 0) return own;
    return this.#entries.filter((entry) => option.aliases?.includes(`${entry.group}.${entry.key}`));
  }

  #lookup(group: string, name: string): { value: string; group: string } | undefined {
    const option = this.groups.find((candidate) => candidate.name === group)?.options.find((one) => one.name === name);
    const value = this.#entries.findLast((entry) => entry.group === group && entry.key === name)?.value ?? option?.default;
    return value === undefined || value === null ? undefined : { value, group };
  }

  #judge(entry: IniEntry): void {
    const group = this.groups.find((candidate) => candidate.name === entry.group);
    if (group?.options.some((option) => option.name === entry.key)) return;
    const newName = this.#newNameOf(entry);
    if (newName !== undefined) this.#warn(entry, `is an older name of ${newName}`);
    else if (group === undefined) this.#judgeSection(entry);
    else this.#judgeKey(entry, group);
  }

  #judgeKey(entry: IniEntry, group: OptionGroup): void {
    const names = group.options.map((option) => option.name);
    const meant = suggest(entry.key, names);
    if (group.owner === 'nova') {
      this.#warn(entry, `is ignored${meant ? ` (did you mean ${meant}?)` : ''}`);
      return;
    }
    const remedy = meant ? `Did you mean ${meant}?` : `It has: ${names.join(', ')}.`;
    throw new ConfigError(`[${entry.group}] has no option ${entry.key}`, remedy, entry);
  }

  #judgeSection(entry: IniEntry): void {
    if (foreignGroups.has(entry.group)) {
      this.#warn(entry, 'is ignored');
      return;
    }
    const names = this.groups.map((group) => group.name);
    const meant = suggest(entry.group, names);
    const remedy = meant ? `Did you mean [${meant}]?` : `Ours are: ${names.join(', ')}.`;
    throw new ConfigError(`there is no section [${entry.group}]`, remedy, entry);
  }

  #newNameOf({ group, key }: IniEntry): string | undefined {
    for (const candidate of this.groups) {
      const option = candidate.options.find((one) => one.aliases?.includes(`${group}.${key}`));
      if (option !== undefined) return `[${candidate.name}] ${option.name}`;
    }
    return undefined;
  }

  #warn({ file, line, group, key }: IniEntry, what: string): void {
    this.warnings.push(`${file}:${line}: [${group}] ${key} ${what}`);
  }
}

/** May the text hold something that must not be shown? */
export function isSecret({ type }: ConfigOption): boolean {
  return type === 'secret' || type === 'url';
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    throw new ConfigError(
      `${file} cannot be read${code === 'ENOENT' ? ': there is no such file' : ` (${code})`}`,
      'Name a readable file with --config-file.',
    );
  }
}
