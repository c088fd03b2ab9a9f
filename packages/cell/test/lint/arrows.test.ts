import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const repo = join(dirname(fileURLToPath(import.meta.url)), '../../../../..');
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');

const IMPORTS = 'lint/style/noRestrictedImports';
const UNDECLARED = 'lint/correctness/noUndeclaredDependencies';
const PACKAGES = ['wire', 'store', 'provider', 'provider-ec2', 'cell'];

/** One row per arrow that must not be drawn: where, what, and the rule that stops it. */
const FORBIDDEN: readonly (readonly [rule: string, file: string, source: string])[] = [
  [IMPORTS, 'packages/wire/src/a.ts', `export * from '@burstcell/store';`],
  [IMPORTS, 'packages/wire/src/b.ts', `export * from '@burstcell/provider';`],
  [IMPORTS, 'packages/wire/src/c.ts', `export * from 'kysely';`],
  [IMPORTS, 'packages/store/src/a.ts', `export * from '@burstcell/wire';`],
  [IMPORTS, 'packages/store/src/b.ts', `export type { Provider } from '@burstcell/provider';`],
  [IMPORTS, 'packages/store/src/c.ts', `export * from 'amqplib';`],
  [IMPORTS, 'packages/provider/src/a.ts', `export * from '@burstcell/wire';`],
  [IMPORTS, 'packages/provider/src/b.ts', `export * from '@burstcell/store';`],
  [IMPORTS, 'packages/provider/src/c.ts', `export * from '@burstcell/cell';`],
  [IMPORTS, 'packages/provider-ec2/src/a.ts', `export * from '@burstcell/wire';`],
  [IMPORTS, 'packages/provider-ec2/src/b.ts', `export * from '@burstcell/store';`],
  [IMPORTS, 'packages/provider-ec2/src/c.ts', `export * from '@burstcell/provider-openstack';`],
  [IMPORTS, 'packages/provider-ec2/src/d.ts', `export * from '@aws-sdk/client-ec2';`],
  [IMPORTS, 'packages/provider-ec2/src/sdk-a.ts', `export * from '@burstcell/wire';`],
  [IMPORTS, 'packages/cell/src/a.ts', `export * from '@burstcell/provider-ec2';`],
  [IMPORTS, 'packages/cell/src/main.ts', `export * from '@burstcell/provider-ec2';`],
  [IMPORTS, 'packages/cell/src/providers/a.ts', `export * from '../fronts/cells-v1/router.js';`],
  [IMPORTS, 'packages/cell/src/b.ts', `export * from '@burstcell/provider/simulator';`],
  [IMPORTS, 'packages/cell/src/c.ts', `export const ec2 = await import('@burstcell/provider-ec2/fake');`],
  [IMPORTS, 'packages/cell/src/cli/a.ts', `export * from '@burstcell/provider-ec2';`],
  [IMPORTS, 'packages/cell/src/operations/a.ts', `export * from '../fronts/cells-v1/router.js';`],
  [IMPORTS, 'packages/cell/src/operations/b.ts', `export * from '@burstcell/wire';`],
  [IMPORTS, 'packages/cell/src/operations/c.ts', `export * from 'pg';`],
  [IMPORTS, 'packages/cell/src/sync/a.ts', `export * from '../fronts/cells-v1/router.js';`],
  [IMPORTS, 'packages/cell/src/fronts/cells-v1/a.ts', `export * from '@burstcell/provider-ec2';`],
  [IMPORTS, 'packages/cell/src/fronts/cells-v1/handlers/a.ts', `export type { LaunchRequest } from '@burstcell/provider';`],
  [IMPORTS, 'packages/cell/src/fronts/cells-v1/handlers/b.ts', `export { NovaObject } from '@burstcell/wire';`],
  [
    IMPORTS,
    'packages/cell/src/fronts/cells-v1/handlers/c.ts',
    `import { decodeObject } from '@burstcell/wire';\nexport const read = decodeObject;`,
  ],
  [IMPORTS, 'packages/cell/src/fronts/cells-v1/translate/a.ts', `export * from '@burstcell/provider-ec2';`],
  [IMPORTS, 'packages/cell/src/d.ts', `export * from '@burstcell/store/src/store.js';`],
  [IMPORTS, 'packages/cell/src/e.ts', `export * from '../../store/src/store.js';`],
  [IMPORTS, 'packages/cell/test/a.ts', `export * from '../../provider-ec2/dist/src/index.js';`],
  [UNDECLARED, 'packages/cell/test/b.ts', `export * from 'ssh2';`],
  [UNDECLARED, 'packages/store/src/e.ts', `export * from 'fast-check';`],
  ['lint/style/noProcessEnv', 'packages/wire/src/d.ts', 'export const home = process.env.HOME;'],
  [
    'lint/suspicious/noImportCycles',
    'packages/store/src/round.ts',
    `import { about } from './about.js';\nexport const round = () => about;`,
  ],
  ['lint/suspicious/noExplicitAny', 'packages/wire/src/e.ts', 'export const value: any = 1;'],
  ['lint/style/noNonNullAssertion', 'packages/wire/src/f.ts', 'export const first = (list: string[]) => list[0]!.length;'],
];

/** What the same rules must leave alone, or they would only be a wall. */
const ALLOWED: readonly (readonly [file: string, source: string])[] = [
  ['packages/wire/src/amqp.ts', `export * from 'amqplib';`],
  ['packages/store/src/database.ts', `export * from 'kysely';`],
  ['packages/provider-ec2/src/contract.ts', `export * from '@burstcell/provider';`],
  ['packages/provider-ec2/src/sdk-api.ts', `export * from '@aws-sdk/client-ec2';`],
  ['packages/cell/src/providers/ok.ts', `export * from '@burstcell/provider-ec2';`],
  ['packages/cell/src/operations/rows.ts', `export * from '@burstcell/provider';\nexport type * from '@burstcell/store';`],
  ['packages/cell/src/fronts/cells-v1/handlers/ok.ts', `export { parseTime } from '@burstcell/wire';`],
  [
    'packages/cell/src/fronts/cells-v1/translate/ok.ts',
    `export * from '@burstcell/wire';\nexport type * from '@burstcell/provider';`,
  ],
  ['packages/cell/src/config/environment.ts', 'export const home = process.env.HOME;'],
  ['packages/provider-ec2/src/config.ts', 'export const region = process.env.AWS_REGION;'],
  ['packages/cell/test/ok.ts', `export * from '../src/main.js';\nexport * from '@burstcell/provider-ec2/fake';`],
];

interface Finding {
  readonly file: string;
  readonly rule: string;
}

describe('the package arrows', () => {
  let workspace: string;
  let exitCode: number;
  let findings: readonly Finding[];

  // The offending files live in a copy: a build of this tree may run at the same time.
  beforeAll(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'burstcell-lint-'));
    await copied(workspace, 'biome.json');
    for (const name of PACKAGES) await copied(workspace, `packages/${name}/package.json`);
    for (const [, file, source] of FORBIDDEN) await put(join(workspace, file), source);
    for (const [file, source] of ALLOWED) await put(join(workspace, file), source);
    await put(
      join(workspace, 'packages/store/src/about.ts'),
      `import { round } from './round.js';\nexport const about = () => round;`,
    );
    ({ exitCode, findings } = await lint(workspace));
  });

  afterAll(() => rm(workspace, { recursive: true, force: true }));

  it('fail the lint step, and with it npm test', () => {
    expect(exitCode).not.toBe(0);
  });

  it.each(FORBIDDEN)('%s stops %s: %s', (rule, file) => {
    expect(findings).toContainEqual({ file, rule });
  });

  it.each(ALLOWED)('leave %s alone: %s', (file) => {
    expect(findings.filter((finding) => finding.file === file)).toEqual([]);
  });
});

async function copied(workspace: string, file: string): Promise<void> {
  await mkdir(dirname(join(workspace, file)), { recursive: true });
  await copyFile(join(repo, file), join(workspace, file));
}

async function put(path: string, source: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${source}\n`);
}

function lint(folder: string): Promise<{ exitCode: number; findings: readonly Finding[] }> {
  const args = [biome, 'lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=json', '.'];
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 16 * 1024 * 1024 }, (error, stdout) => {
      done({ exitCode: error ? Number(error.code ?? 1) : 0, findings: findingsIn(stdout) });
    });
  });
}

interface Report {
  readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[];
}

function findingsIn(stdout: string): readonly Finding[] {
  const report = JSON.parse(stdout) as Report;
  return report.diagnostics.map(({ category, location }) => ({ rule: category, file: location.path }));
}
