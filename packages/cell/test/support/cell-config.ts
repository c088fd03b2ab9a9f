import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Sections of an INI file: name → key → value. */
export type Ini = Readonly<Record<string, Readonly<Record<string, string | number | undefined>>>>;

/** The names both sides use when they share one virtual host. */
export interface LinkNames {
  readonly parentName: string;
  readonly childName: string;
  readonly parentExchange: string;
  readonly parentQueueBase: string;
  readonly childExchange: string;
  readonly childQueueBase: string;
}

/** Names of one run: exchanges and queues that nobody else has. */
export function linkNames(run: string): LinkNames {
  return {
    parentName: 'api',
    childName: 'ec2',
    parentExchange: `${run}.up`,
    parentQueueBase: `${run}.up.cells`,
    childExchange: `${run}.down`,
    childQueueBase: `${run}.down.cells`,
  };
}

/** Writes `sections` as oslo.config's INI and answers the file's path. */
export function writeIni(folder: string, name: string, sections: Ini): string {
  const path = join(folder, name);
  writeFileSync(path, '', { mode: 0o600 });
  for (const [section, values] of Object.entries(sections)) {
    const lines = Object.entries(values).filter(([, value]) => value !== undefined);
    appendFileSync(path, `[${section}]\n${lines.map(([key, value]) => `${key} = ${value}`).join('\n')}\n\n`);
  }
  return path;
}
