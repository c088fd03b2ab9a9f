import { randomUUID } from 'node:crypto';
import { createEc2Provider, parseEc2Options } from '@burstcell/provider-ec2';
import { FakeEc2 } from '@burstcell/provider-ec2/fake';
import { openStore, type Store } from '@burstcell/store';
import { createTestDatabase } from '@burstcell/store/testing';
import { Command } from 'commander';
import { submissionUnit } from '../../src/operations/submit.js';
import { verbs } from '../../src/operations/verbs.js';
import { Worker } from '../../src/operations/worker.js';
import { Watcher } from '../../src/reconcile/watcher.js';
import { positive } from '../support/arguments.js';
import { command, printJson, printTable, say } from '../support/print.js';
import { coreTools } from '../support/tools.js';
import { until } from '../support/until.js';

interface BurstOptions {
  readonly boots: number;
  readonly shapes: number;
  readonly workers: number;
  readonly json: boolean;
}

/** What one call an instance costs under AWS's published bucket: five at once, then two a second. */
const BURST_CALLS = 5;
const CALLS_PER_SECOND = 2;
const BOOT_MS = 1_000;
/** The fake's first image. */
const DEFAULT_AMI = 'ami-0a1b2c3d4e5f60001';
const SUBMITTED_TOGETHER = 50;
const LIMIT_MS = 10 * 60_000;
const LOOK_MS = 100;

const program = new Command('bench:burst')
  .description('Many boots at once against the fake EC2 under AWS’s published token buckets: how long, and how many calls.')
  .option('--boots <number>', 'instances asked for at once', positive, 1_000)
  .option('--shapes <number>', 'different flavor, image and project combinations among them', positive, 1)
  .option('--workers <number>', '[burst] workers', positive, 64)
  .option('--json', 'end with one line of JSON', false);

const options = program.parse().opts<BurstOptions>();

await command(async () => {
  const figures = await burst(options);
  printTable(
    ['figure', 'shared launches', 'one call an instance'],
    [
      ['seconds until all run', String(figures.wallSeconds), String(figures.oneByOneSeconds)],
      ['RunInstances calls per instance', String(figures.runCallsPerInstance), '1'],
      ['all calls per instance', String(figures.callsPerInstance), '—'],
      ['running', `${figures.running} of ${figures.instances}`, ''],
    ],
  );
  if (options.json) printJson(figures);
  return figures.running === figures.instances ? 0 : 1;
});

async function burst({ boots, shapes, workers }: BurstOptions) {
  const database = await createTestDatabase();
  const store = await openStore({ url: database.url, reportGapMs: 400, settleMs: 60_000 });
  const fake = new FakeEc2({ buckets: true, delays: { pendingMs: BOOT_MS } });
  const running = startCore(store, fake, workers);
  try {
    const began = performance.now();
    await submitAll(store, boots, shapes);
    await everyoneRuns(fake, boots, began);
    return figuresOf(fake, boots, (performance.now() - began) / 1_000);
  } finally {
    await running.stop();
    await store.close();
    await database.drop();
  }
}

/** The core without a front: the burst is about launches, not about messages. */
function startCore(store: Store, fake: FakeEc2, workers: number) {
  const settings = parseEc2Options({ region: 'eu-central-1', default_ami: DEFAULT_AMI });
  const provider = createEc2Provider({ ...settings, cellName: 'ec2', incarnation: randomUUID(), api: fake });
  const log = { debug() {}, info() {}, warn: problem, error: problem };
  const tools = coreTools({ store, provider, log, earlyReportMs: 250 });
  const worker = new Worker(tools, verbs, { holder: 'bench', concurrency: workers });
  const watcher = new Watcher({ ...tools, holder: 'bench' });
  worker.start();
  watcher.start();
  return {
    async stop() {
      await worker.stop(10_000);
      await watcher.stop();
      await provider.close();
    },
  };
}

function problem(facts: object, message: string): void {
  say(`  ${message}: ${JSON.stringify(facts).slice(0, 200)}`);
}

async function submitAll(store: Store, boots: number, shapes: number): Promise<void> {
  const wishes = Array.from({ length: boots }, (_, at) => at);
  while (wishes.length > 0) {
    await Promise.all(wishes.splice(0, SUBMITTED_TOGETHER).map((at) => submit(store, at % shapes)));
  }
}

async function submit(store: Store, shape: number): Promise<void> {
  const uuid = randomUUID();
  const cause = randomUUID();
  const memory = 512 * (1 + (shape % 4));
  const columns = {
    vm_state: 'building',
    project_id: `p-${shape}`,
    user_id: 'u',
    display_name: 'b',
    memory_mb: memory,
    vcpus: 1,
    root_gb: 8,
    ephemeral_gb: 0,
  };
  const flavor = { flavorid: String(memory), name: `f-${memory}`, memory_mb: memory, vcpus: 1, root_gb: 8, ephemeral_gb: 0 };
  const origin = { requestId: `req-${cause}`, userId: 'u', projectId: `p-${shape}` };
  const parameters = {
    image: { id: 'image', properties: {} },
    injectedFiles: [],
    securityGroups: [],
    networks: [],
    schedulerHints: {},
    zone: null,
    reportHints: {},
  };
  await store.commit(
    submissionUnit(
      {
        messageUuid: cause,
        method: 'bench',
        intents: [{ verb: 'build', uuid, parameters, cause, origin }],
        writes: [
          {
            write: 'insert-instance',
            uuid,
            columns,
            metadata: {},
            systemMetadata: {},
            flavor,
            blockDevices: [],
            networkInfo: [],
          },
        ],
      },
      verbs,
      { buildMs: LIMIT_MS, verbMs: LIMIT_MS },
      new Date(),
    ),
  );
}

async function everyoneRuns(fake: FakeEc2, boots: number, began: number): Promise<void> {
  let said = 0;
  const look = async () => {
    const running = fake.snapshot().states.running ?? 0;
    const seconds = Math.floor((performance.now() - began) / 1_000);
    if (seconds > said) say(`  ${seconds} s: ${running} of ${boots} run`);
    said = seconds;
    return running >= boots;
  };
  await until(look, 'all instances to run', LIMIT_MS, LOOK_MS).catch((error) => say(String(error)));
}

function figuresOf(fake: FakeEc2, instances: number, wallSeconds: number) {
  const { total, byAction } = fake.counts();
  const round = (value: number) => Math.round(value * 1_000) / 1_000;
  return {
    instances,
    running: fake.snapshot().states.running ?? 0,
    wallSeconds: round(wallSeconds),
    runCallsPerInstance: round((byAction.RunInstances ?? 0) / instances),
    callsPerInstance: round(total / instances),
    oneByOneSeconds: Math.max(0, (instances - BURST_CALLS) / CALLS_PER_SECOND),
  };
}
