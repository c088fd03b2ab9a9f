import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultRegion, FakeEc2, type ListeningServer, startFakeServer } from '../../src/fake/index.js';
import { RUN_TAG } from './run-tag.js';

const PROGRAM = fileURLToPath(new URL('aws.js', import.meta.url));
/** It starts jest, on a machine that other suites use too. */
const RUN_MS = 180_000;

describe('npm run test:aws', () => {
  let fake: FakeEc2;
  let server: ListeningServer;
  beforeAll(async () => {
    fake = new FakeEc2({ delays: 0 });
    server = await startFakeServer({ fake });
  });
  afterAll(() => server.close());

  const settings = () => ({
    BURSTCELL_AWS_TEST: '1',
    BURSTCELL_AWS_TEST_REGION: 'us-east-1',
    BURSTCELL_AWS_TEST_AMI: defaultRegion.images[0]?.imageId ?? '',
    BURSTCELL_AWS_TEST_SUBNET: defaultRegion.subnets[0]?.subnetId ?? '',
    BURSTCELL_AWS_TEST_ENDPOINT: server.url,
  });

  it(
    'skips everything, with the reason, where a setting is missing',
    async () => {
      const { code, output } = await run({ BURSTCELL_AWS_TEST: '1', BURSTCELL_AWS_TEST_REGION: 'us-east-1' });

      expect(output).toContain('SKIPPED ec2 on AWS: BURSTCELL_AWS_TEST_AMI, BURSTCELL_AWS_TEST_SUBNET not set');
      expect(output).toMatch(/\n0 passed, 0 failed, [1-9]\d* skipped\n$/);
      expect(code).toBe(0);
    },
    RUN_MS,
  );

  it(
    'runs the contract on the account and leaves nothing there',
    async () => {
      const { code, output } = await run(settings(), ['-t', 'leads to a running machine|frees the volume for another machine']);

      expect(output).toMatch(/spent: [1-9]\d* machines, \d+ machine-minutes\n/);
      expect(output).toMatch(/final sweep of burstcell:test-run=\S+: vol-/);
      expect(output).toMatch(/\n2 passed, 0 failed, \d+ skipped\n$/);
      expect(code).toBe(0);
      const { instances } = fake.snapshot();
      expect(instances.length).toBeGreaterThan(0);
      expect(new Set(instances.map(({ state }) => state))).toEqual(new Set(['terminated']));
      expect(instances.every(({ tags }) => RUN_TAG in tags)).toBe(true);
      expect(fake.volumes()).toEqual([]);
    },
    RUN_MS,
  );
});

interface Ended {
  readonly code: number;
  readonly output: string;
}

function run(settings: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<Ended> {
  const ours = Object.entries(process.env).filter(([name]) => !name.startsWith('BURSTCELL_AWS_TEST'));
  const env = { ...Object.fromEntries(ours), NODE_OPTIONS: '', ...settings };
  return new Promise((done) => {
    execFile(process.execPath, [PROGRAM, ...args], { env }, (error, stdout) => {
      done({ code: error ? Number(error.code ?? 1) : 0, output: stdout });
    });
  });
}
