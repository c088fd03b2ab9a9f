import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExplainedImport, type Explanation, type LaunchRequest, ProviderError } from '@burstcell/provider';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import type { CliContext } from '../../src/cli/cli-context.js';
import { type AskProvider, addExplainCommand } from '../../src/cli/commands/explain.js';
import { CliWorld } from './support.js';

const PRICE = { amount: 0.0731, currency: 'USD', basis: 'estimated', source: 'by size' } as const;

const ANSWER: Explanation = {
  image: { id: 'ami-1', name: 'debian', architecture: 'x86_64' },
  candidates: [
    aCandidate({ zone: 'a', standing: 'passed-over', reason: 'it was full', until: '2026-01-01T00:03:00.000Z' }),
    aCandidate({ zone: 'b', standing: 'chosen' }),
    aCandidate({ zone: 'c', standing: 'next', hourlyPrice: null }),
  ],
  sizesPassedOver: Array.from({ length: 7 }, (_, at) => ({ size: `s${at}`, reason: 'too little memory', hourlyPrice: null })),
  notes: ['Hint query means nothing here and is ignored.'],
  refusal: null,
};

const REFUSED: Explanation = {
  ...ANSWER,
  candidates: [],
  refusal: { kind: 'invalid', message: 'no instance type fits', userMessage: 'Choose another flavor.' },
};

function aCandidate(changes: Partial<Explanation['candidates'][number]>): Explanation['candidates'][number] {
  const place = { size: 't3.medium', zone: 'a', market: 'on-demand', network: 'subnet-1', hourlyPrice: PRICE };
  return { ...place, standing: 'next', reason: null, until: null, ...changes };
}

const IMAGE = { id: 'ami-1', name: 'debian', architecture: 'x86_64' };
const IMPORT: ExplainedImport = {
  ...{ state: 'needed', progress: null, by: 'bucket-1', format: 'qcow2', sizeBytes: 2 * 1024 ** 3 },
  ...{ architecture: 'x86_64', isAssumed: true },
};

interface Outcome {
  readonly exitCode: number;
  readonly out: string;
  readonly asked: LaunchRequest | undefined;
}

describe('burstcell explain', () => {
  let world: CliWorld;
  beforeEach(() => {
    world = new CliWorld();
  });
  afterEach(() => world.dispose());

  async function explain(args: readonly string[], answer: AskProvider = async () => ANSWER): Promise<Outcome> {
    const lines: string[] = [];
    let exitCode = 0;
    let asked: LaunchRequest | undefined;
    const context = {
      print: (line) => void lines.push(line),
      complain: () => {},
      providerOptions: async () => [],
    } satisfies Partial<CliContext>;
    const program = new Command('burstcell').exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
    addExplainCommand(program, context as unknown as CliContext, {
      exit: (code) => {
        exitCode = code;
      },
      ask: async (config, request) => {
        asked = request;
        return answer(config, request);
      },
    });
    await program.parseAsync(['explain', ...args, '--config-file', world.configFile], { from: 'user' });
    return { exitCode, out: lines.join('\n'), asked };
  }

  const SMALL = ['--vcpus', '2', '--ram-mb', '4096'];

  function aFlavorFile(flavor: unknown): string {
    const file = join(world.configFile, '..', 'flavor.json');
    writeFileSync(file, typeof flavor === 'string' ? flavor : JSON.stringify(flavor));
    return file;
  }

  it('helps with examples', async () => {
    const { exitCode, out } = await world.run('explain', '--help');

    expect(exitCode).toBe(0);
    expect(out).toMatch(/Usage: burstcell explain[\s\S]*Examples:\n {2}# .+\n {2}\$ burstcell explain/);
  });

  it('says first what it would be and what all of them cost, and that this is an estimate', async () => {
    const { exitCode, out } = await explain([...SMALL, '--count', '10']);

    expect(exitCode).toBe(0);
    expect(out.split('\n')[0]).toBe('10 servers: t3.medium in b, on-demand, some 0.731 USD an hour (10 × 0.0731), estimated');
    expect(out).toContain('estimated: by size');
  });

  it.each([
    ['listed', 'list price'],
    ['current', 'spot now'],
  ] as const)('marks a %s price by where it comes from', async (basis, mark) => {
    const hourlyPrice = { ...PRICE, basis, source: 'somewhere' };
    const { out } = await explain(SMALL, async () => ({
      ...ANSWER,
      candidates: [aCandidate({ standing: 'chosen', hourlyPrice })],
    }));

    expect(out.split('\n')[0]).toMatch(new RegExp(`, 0.0731 USD an hour, ${mark}$`));
    expect(out).toContain(`${mark}: somewhere`);
    expect(out).not.toContain('~');
  });

  it.each<[string, Partial<Explanation>, string]>([
    ['has one', { image: IMAGE }, 'image: ami-1 (debian, x86_64)'],
    [
      'has one that was imported',
      { image: IMAGE, imageImport: { ...IMPORT, state: 'done' } },
      'image: ami-1 (debian, x86_64, imported)',
    ],
    [
      'would be imported',
      { image: null, imageImport: IMPORT },
      'image: would be imported first from qcow2 of 2.0 GiB, by way of bucket-1, as x86_64, which nothing says: it has neither architecture nor hw_architecture',
    ],
    [
      'is being imported',
      { image: null, imageImport: { ...IMPORT, state: 'under-way', progress: 62.5, isAssumed: false } },
      'image: is being imported (62 %) from qcow2 of 2.0 GiB, by way of bucket-1, as x86_64',
    ],
    [
      'would be imported, from nobody knows what',
      { image: null, imageImport: { ...IMPORT, format: null, sizeBytes: null, isAssumed: false } },
      'image: would be imported first, by way of bucket-1, as x86_64',
    ],
  ])('says of an image that it %s', async (_, changes, line) => {
    const { out } = await explain(SMALL, async () => ({ ...ANSWER, ...changes }));

    expect(out.split('\n').filter((each) => each.startsWith('image:'))).toEqual([line]);
  });

  it('lists every candidate in order, with why and until when it is passed over', async () => {
    const { out } = await explain(SMALL);
    const rows = out.split('\n').filter((line) => /^│ \d/.test(line));

    expect(rows.map((row) => row.split('│').map((cell) => cell.trim()))).toEqual([
      [
        '',
        '1',
        't3.medium',
        'a',
        'on-demand',
        'subnet-1',
        '~0.0731 USD',
        'passed-over: it was full, until 2026-01-01T00:03:00.000Z',
        '',
      ],
      ['', '2', 't3.medium', 'b', 'on-demand', 'subnet-1', '~0.0731 USD', 'chosen', ''],
      ['', '3', 't3.medium', 'c', 'on-demand', 'subnet-1', 'not known', 'next', ''],
    ]);
  });

  it('gathers the sizes that fit nowhere by their reason, or lists them all', async () => {
    expect((await explain(SMALL)).out).toContain('too little memory: s0, s1, s2, s3, s4, … (7; --all lists them)');
    expect((await explain([...SMALL, '--all'])).out).toContain('  s6: too little memory');
  });

  it('ends with 1 and what the user would read when the boot would be refused', async () => {
    const { exitCode, out } = await explain(SMALL, async () => REFUSED);

    expect(exitCode).toBe(1);
    expect(out).toContain('refused (invalid): no instance type fits\nthe user reads: Choose another flavor.');
  });

  it('gives programs one line of JSON', async () => {
    const { out } = await explain([...SMALL, '--count', '3', '--json']);

    expect(out).not.toContain('\n');
    expect(JSON.parse(out)).toEqual({
      chosen: ANSWER.candidates[1],
      count: 3,
      totalHourlyPrice: { ...PRICE, amount: 0.2193 },
      ...ANSWER,
    });
  });

  it('asks for what the command line says', async () => {
    const { asked } = await explain([
      ...['--vcpus', '2', '--ram-mb', '4096', '--disk-gb', '20', '--spec', 'ec2:market=spot', '--image', 'debian'],
      ...['--image-property', 'ec2_ami=ami-1', '--zone', 'b', '--hint', 'market=spot', '--hint', 'different_host=u1'],
      ...['--hint', 'different_host=u2', '--network', 'n1', '--network', 'n2', '--security-group', 'web', '--project', 'p1'],
    ]);

    expect(asked).toMatchObject({
      projectId: 'p1',
      flavor: { vcpus: 2, memoryMb: 4096, rootGb: 20, extraSpecs: { 'ec2:market': 'spot' } },
      image: { id: 'debian', name: 'debian', properties: { ec2_ami: 'ami-1' } },
      zone: 'b',
      schedulerHints: { market: 'spot', different_host: ['u1', 'u2'] },
      networks: [{ networkId: 'n1' }, { networkId: 'n2' }],
      securityGroups: ['web'],
    });
  });

  it.each([
    [{ flavor: { id: '4', name: 'm1.large', vcpus: 4, ram: 8192, disk: 80, extra_specs: { 'ec2:gpus': 1 } } }],
    [{ flavorid: '4', name: 'm1.large', vcpus: 4, memory_mb: 8192, root_gb: 80, extra_specs: { 'ec2:gpus': '1' } }],
  ])('reads a flavor in nova’s names: %j', async (flavor) => {
    const { asked } = await explain(['--flavor', aFlavorFile(flavor), '--ram-mb', '4096']);

    expect(asked?.flavor).toMatchObject({
      ...{ flavorid: '4', name: 'm1.large', vcpus: 4, memoryMb: 4096, rootGb: 80 },
      extraSpecs: { 'ec2:gpus': '1' },
    });
  });

  it.each<[string, () => readonly string[], RegExp]>([
    ['no flavor', () => ['--vcpus', '2'], /flavor is not known/],
    ['a file that is not there', () => ['--flavor', '/nosuch.json'], /nosuch/],
    ['a file that is no JSON', () => ['--flavor', aFlavorFile('vcpus: 2')], /JSON/],
    ['a file that is no flavor', () => ['--flavor', aFlavorFile({ vcpus: 2 })], /is no flavor/],
  ])('names the remedy for %s', async (_, args, message) => {
    await expect(explain(args())).rejects.toMatchObject({
      message: expect.stringMatching(message),
      remedy: expect.any(String),
      exitCode: 2,
    });
  });

  it('says it in one line when the cloud cannot be asked', async () => {
    const failing: AskProvider = async () => {
      throw new ProviderError('unauthorized', 'AuthFailure: no credentials');
    };

    await expect(explain(SMALL, failing)).rejects.toMatchObject({
      name: 'CliError',
      message: 'AuthFailure: no credentials',
      exitCode: 1,
    });
    await expect(explain(SMALL, async () => null)).rejects.toMatchObject({
      name: 'CliError',
      message: expect.stringContaining('cannot explain'),
    });
  });
});
