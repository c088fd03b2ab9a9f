import type { Provider } from '@burstcell/provider';
import { RELEASES } from '@burstcell/wire';
import { type MatrixLine, NEVER_ASKED, type Support, verbMatrix } from '../../fronts/cells-v1/verb-matrix.js';

const MARKS: Readonly<Record<Support, string>> = { works: 'yes', refused: 'refused', never: '–', missing: 'missing' };

/** A provider as it is configured by default, and with all that options can switch on. */
export interface ProviderColumn {
  readonly byDefault: Provider;
  readonly switchedOn: Provider;
}

/** docs/support-matrix.md, from the tables that the program runs on and the providers as they are. */
export function supportMatrixPage(providers: readonly ProviderColumn[]): string {
  const columns = [...RELEASES, ...providers.map(({ byDefault }) => byDefault.name), 'note'];
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
    'By provider: **yes**, **by option** where an option of its section switches it on, or **refused** where it has no ability for it.',
    '',
    'Ocata, Pike, Queens and Rocky are proved against real parents (`npm run test:interop`).',
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

function cellsOf({ verb, releases, needs, note }: MatrixLine, providers: readonly ProviderColumn[]): readonly string[] {
  const supports = RELEASES.map((release) => releases.get(release) ?? 'never');
  const isAlwaysRefused = !supports.includes('works');
  const byProvider = providers.map(({ byDefault, switchedOn }) => {
    const has = (provider: Provider) => needs.every((need) => provider[need as keyof Provider] !== undefined);
    if (isAlwaysRefused || !has(switchedOn)) return MARKS.refused;
    return has(byDefault) ? MARKS.works : 'by option';
  });
  return [verb, ...supports.map((support) => MARKS[support]), ...byProvider, note];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
