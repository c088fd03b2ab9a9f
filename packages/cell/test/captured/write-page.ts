import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { command, say } from '../support/print.js';
import { differencesPage, unexplained } from './page.js';
import { PAGE_FILE } from './page-file.js';
import { playAll } from './play.js';
import { RECORDED_RELEASES } from './recordings.js';

/** Plays all sessions and writes `docs/protocol/differences.md`. Exit code 1 when something differs without a known reason. */
await command(async () => {
  const played = await playAll(RECORDED_RELEASES);
  const findings = unexplained(played.flatMap(({ differences }) => differences));
  for (const finding of findings) say(`no reason is known for ${JSON.stringify(finding)}`);
  mkdirSync(dirname(PAGE_FILE), { recursive: true });
  writeFileSync(PAGE_FILE, differencesPage(played));
  say(`${played.length} sessions, ${played.flatMap(({ outcomes }) => outcomes).length} messages of parents; ${PAGE_FILE}`);
  return findings.length === 0 ? 0 : 1;
});
