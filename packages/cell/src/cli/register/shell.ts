/** A word as a POSIX shell takes it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./<>-]+$/.test(word) && !/[<>]/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command line over several lines, one option a line. */
export function commandLine(program: string, options: readonly (readonly [name: string, value: string])[]): string {
  return [program, ...options.map(([name, value]) => `${name} ${shellWord(value)}`)].join(' \\\n    ');
}
