import type { Provider } from '@burstcell/provider';
import { RELEASES } from '@burstcell/wire';
import { type MatrixLine, NEVER_ASKED, type Support, verbMatrix } from '../../fronts/cells-v1/verb-matrix.js';

const MARKS: Readonly<Record<Support, string>> = { works: 'yes', refused: 'refused', never: '–', missing: 'missing' };

/** docs/support-matrix.md, from the tables that the program runs on and the providers as they are. */
export function supportMatrixPage(providers: readonly Provider[]): string {
  const columns = [...RELEASES, ...providers.map((provider) => provider.name), 'note'];
  return [
    '# Support matrix',
    '',
    'Made by `npm run docs` from the tables that the program runs on; do not edit.',
    '',
    'By release: does a parent send the verb, and is it taken here?',
    '',
    '- **yes**: it is taken, and comes to the end its provider allows.',
    '- **refused**: the parent gets an answer, the instance its state back, and a fault and an action say why.',
    '- **–**: a parent of that release never sends it.',
    '- **missing**: a parent sends it and this version does not take it; it is kept among the rejected messages.',
    '',
    'By provider: **yes**, or **refused** where the provider has no ability for it.',
    '',
    'Rocky and Ocata are proved against real parents (`npm run test:interop`).',
    '',
    row(['verb', ...columns]),
    row(['---', ...columns.map(() => '---')]),
    ...verbMatrix().map((line) => row(cellsOf(line, providers))),
    '',
    '## What a parent never asks a child',
    '',
    ...NEVER_ASKED.map((each) => `- ${each}`),
    '',
  ].join('\n');
}

function cellsOf({ verb, releases, needs, note }: MatrixLine, providers: readonly Provider[]): readonly string[] {
  const supports = RELEASES.map((release) => releases.get(release) ?? 'never');
  const isAlwaysRefused = !supports.includes('works');
  const byProvider = providers.map((provider) => {
    const has = needs.every((need) => provider[need as keyof Provider] !== undefined);
    return MARKS[has && !isAlwaysRefused ? 'works' : 'refused'];
  });
  return [verb, ...supports.map((support) => MARKS[support]), ...byProvider, note];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
