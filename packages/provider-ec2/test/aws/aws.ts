import { randomUUID } from 'node:crypto';
import { Ec2Error } from '../../src/ports/ec2-api.js';
import { openClients } from './clients.js';
import { type AwsTestPlan, type AwsTestSettings, planToEnv, readSettings } from './config.js';
import { finalSweep } from './final-sweep.js';
import { runJest } from './run-jest.js';
import { RUN_TAG } from './run-tag.js';

/** `npm run test:aws`: the contract on a real account, and the end of all that it left there. Answers the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const settings = readSettings(process.env);
  const plan = 'skip' in settings ? settings : await planFor(settings);
  const { passed, failed, skipped } = await runJest(args, planToEnv(plan));
  const left = 'skip' in plan ? 0 : await sweep(plan);
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 && left === 0 ? 0 : 1;
}

/** Looks at the account, which changes nothing. Without credentials there is nothing to run on; any other failure is one. */
async function planFor(settings: AwsTestSettings): Promise<AwsTestPlan> {
  const { api, close } = openClients(settings);
  try {
    const subnets = await api.describeSubnets({ ids: settings.subnets });
    const zoneOfSubnet = Object.fromEntries(subnets.map(({ subnetId, zone }) => [subnetId, zone]));
    return { run: randomUUID(), settings, zoneOfSubnet };
  } catch (error) {
    if (error instanceof Ec2Error && error.code === 'CredentialsUnavailable') {
      return { skip: `no AWS credentials: ${error.message}` };
    }
    throw error;
  } finally {
    close();
  }
}

/** Answers how much could not be removed. */
async function sweep({ run, settings }: Exclude<AwsTestPlan, { readonly skip: string }>): Promise<number> {
  const { api, close } = openClients(settings);
  try {
    const { removed, left } = await finalSweep(api, run);
    process.stdout.write(`final sweep of ${RUN_TAG}=${run}: ${removed.length === 0 ? 'nothing was left' : removed.join(', ')}\n`);
    for (const each of left) process.stdout.write(`STILL THERE, delete it by hand: ${each}\n`);
    return left.length;
  } finally {
    close();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.stdout.write('0 passed, 1 failed, 0 skipped\n');
  process.exitCode = 1;
}
