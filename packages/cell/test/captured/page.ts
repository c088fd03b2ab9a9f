import type { Release } from '@burstcell/wire';
import type { FoundDifference, Outcome, Played } from './play.js';
import { REASONS, type Reason } from './reasons.js';

const INTRO = `# What our cell says, beside what real children said

Generated from recorded sessions by the comparison in \`packages/cell/test/captured\`; do not edit. \`npm run test:captured\`
writes it anew, and a test fails when it is out of date.

A session is all that an unmodified parent and an unmodified child of one release said to each other while a user went through
the verbs. The parent's half is played to a whole cell of ours (intake, operations, rows and outbox as in production, on
PostgreSQL; the brokers and the cloud are within the process), and what comes up is compared by *meaning* with what the
child said then: where each instance came to rest, its host, addresses, flavor, faults and devices; which questions were answered, and in which form.

Not compared: how many messages it took (a real child sends some ten for a build, we one or two), the steps on the way, and values that are each
cell's own, as ids, times and names of hosts. Left out on purpose is \`consoleauth_delete_tokens\` (Ocata's child sends it when a server goes): a console proxy
that asks about such a token is told that it no longer stands.`;

/** `docs/protocol/differences.md`. Throws where a difference has no reason. */
export function differencesPage(played: readonly Played[]): string {
  const releases = played.map(({ release }) => release);
  const outcomes = played.flatMap((session) => session.outcomes);
  const differences = played.flatMap((session) => session.differences);
  return `${[INTRO, outcomesSection(releases, outcomes), differencesSection(releases, differences)].join('\n\n')}\n`;
}

/** The differences that no reason explains. */
export function unexplained(differences: readonly FoundDifference[]): readonly FoundDifference[] {
  return differences.filter((difference) => reasonOf(difference) === undefined);
}

function outcomesSection(releases: readonly Release[], outcomes: readonly Outcome[]): string {
  const notes: string[] = [];
  const methods = [...new Set(outcomes.map(({ direction, method }) => `${direction} ${method}`))].sort();
  const rows = methods.map((method) => {
    const cells = releases.map((release) => {
      const of = outcomes.filter((outcome) => outcome.release === release && `${outcome.direction} ${outcome.method}` === method);
      return of.length === 0 ? '' : cellOf(of, notes);
    });
    return [`\`${method.slice(method.indexOf(' ') + 1)}\`${method.startsWith('broadcast') ? ' (broadcast)' : ''}`, ...cells];
  });
  const list = notes.map((note, index) => `${index + 1}. ${note}`).join('\n');
  return `## What came of each message of the parent

*answered*: a question that got its answer. *done*: an order that was carried out, or recorded where there is nothing to carry out. *refused*: with the
reason of the note, given to the user as a fault or an exception. Empty: not in that session.

${table(['method', ...releases], rows)}

${list}`;
}

function cellOf(outcomes: readonly Outcome[], notes: string[]): string {
  const parts = (['answered', 'done', 'refused'] as const).flatMap((came) => {
    const some = outcomes.filter((outcome) => outcome.came === came);
    if (some.length === 0) return [];
    const marks = [...new Set(some.map(({ reason }) => reason).filter((reason) => reason !== undefined))].map((reason) =>
      noteOf(reason, notes),
    );
    return [marks.length === 0 ? came : `${came} (${marks.join(', ')})`];
  });
  return parts.join('; ');
}

function noteOf(reason: string, notes: string[]): number {
  const text = reason.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…');
  if (!notes.includes(text)) notes.push(text);
  return notes.indexOf(text) + 1;
}

function differencesSection(releases: readonly Release[], differences: readonly FoundDifference[]): string {
  const used = REASONS.filter((reason) => differences.some((difference) => reasonOf(difference) === reason));
  const rows = used.map((reason, index) => [
    `${index + 1}. ${reason.title}`,
    ...releases.map((release) =>
      scenesOf(differences.filter((difference) => difference.release === release && reasonOf(difference) === reason)),
    ),
  ]);
  const prose = used.map(
    (reason, index) => `### ${index + 1}. ${reason.title}\n\n${reason.prose}\n\n${examplesOf(reason, differences)}`,
  );
  return `## Where the meaning differs

In which scenes, by release:

${table(['difference', ...releases], rows)}

${prose.join('\n\n')}`;
}

function scenesOf(differences: readonly FoundDifference[]): string {
  return [...new Set(differences.map(({ doing }) => doing))].join(', ');
}

/** Each kind of it once: what was said then and what is said now. */
function examplesOf(reason: Reason, differences: readonly FoundDifference[]): string {
  const mine = differences.filter((difference) => reasonOf(difference) === reason);
  const isInAnswer = mine.every(({ what }) => what === 'form of the answer');
  const lines = isInAnswer
    ? mine.map(
        ({ method, after }) =>
          `\`${method?.replace('run_compute_api_method: ', '')}\`: ${after.replace(/_[0-9a-f]{32}\b/, '_…')}`,
      )
    : mine.map(({ what, before, after }) => `${what}: ${before} → ${after}`);
  return `${[...new Set(lines)].sort().join('; ')}.`;
}

function reasonOf(difference: FoundDifference): Reason | undefined {
  return REASONS.find((reason) => reason.explains(difference));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
