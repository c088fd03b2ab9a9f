import type { DemoParent, Shown } from '../demo-parent/demo-parent.js';

const ORDER = ['building', 'active', 'stopped', 'error'] as const;
const MARKS: Readonly<Record<string, string>> = { building: '◌', active: '●', stopped: '○', error: '✗' };
const WIDTH = 60;

/** What the live view shows: every server as one mark, and the counts. */
export function picture(parent: DemoParent, scene: string): { lines: string[]; plain: string } {
  const rows = [...parent.tables.instances.values()];
  const servers = rows.flatMap((row) => parent.show(row.uuid) ?? []);
  const gone = rows.length - servers.length;
  const counts = countsOf(servers, gone);
  const lines = [`  ${scene}`, '', ...marksOf(servers), '', `  ${counts}`];
  return { lines, plain: `${scene}: ${counts}` };
}

function countsOf(servers: readonly Shown[], gone: number): string {
  const busy = servers.filter(({ taskState }) => taskState !== null).length;
  const states = ORDER.map((state) => `${MARKS[state]} ${state} ${servers.filter(({ vmState }) => vmState === state).length}`);
  return [...states, `in a task ${busy}`, `deleted ${gone}`].join('   ');
}

/** A server in a task shows an arrow beside its mark. */
function marksOf(servers: readonly Shown[]): string[] {
  const marks = servers.map(({ vmState, taskState }) => `${MARKS[vmState] ?? '?'}${taskState === null ? ' ' : '›'}`);
  const lines: string[] = [];
  for (let at = 0; at < marks.length; at += WIDTH / 2) lines.push(`  ${marks.slice(at, at + WIDTH / 2).join('')}`);
  return lines;
}
