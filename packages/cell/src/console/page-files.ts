import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

const FOLDER = new URL('../../../page/', import.meta.url);
const { resolve } = createRequire(import.meta.url);
const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

const own = (name: string): string => fileURLToPath(new URL(name, FOLDER));

/** The page, with `{{…}}` where its values go. */
export const pageTemplate = (): string => readFileSync(own('console.html'), 'utf8');

/** What the page is made of besides, by the name it asks for; the terminal is xterm.js as its package has it. */
export const pageFiles = (): ReadonlyMap<string, PageFile> =>
  new Map(
    Object.entries({
      'console.js': { type: SCRIPT, body: readFileSync(own('console.js')) },
      'console.css': { type: STYLE, body: readFileSync(own('console.css')) },
      'xterm.js': { type: SCRIPT, body: readFileSync(resolve('@xterm/xterm')) },
      'xterm.css': { type: STYLE, body: readFileSync(resolve('@xterm/xterm/css/xterm.css')) },
      'addon-fit.js': { type: SCRIPT, body: readFileSync(resolve('@xterm/addon-fit')) },
    }),
  );
