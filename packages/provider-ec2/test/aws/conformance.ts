import { conformance, contractTests, probed } from '@burstcell/provider/conformance';
import { afterAll, describe, it } from '@jest/globals';
import { AWS_LACKS, awsSetup } from './aws-setup.js';
import { planFromEnv } from './config.js';
import { BUDGET_LOOK_MS } from './limits.js';

/** The provider's contract on a real account. Not among the tests of `npm test`: {@link ./aws.ts} runs it. */
const NAME = 'ec2 on AWS';
const plan = planFromEnv();

if ('skip' in plan) {
  process.stdout.write(`SKIPPED ${NAME}: ${plan.skip}\n`);
  describe(NAME, () => {
    for (const { verb, sentence } of contractTests()) it.skip(`${verb}: ${sentence}`, () => {});
  });
} else {
  process.stdout.write(`skipped  ${NAME}: ${AWS_LACKS}\n`);
  const { setup, guard, close } = await awsSetup(plan);
  // A fault here is one of the next look's too, and the final sweep comes whatever happens.
  const looks = setInterval(() => void guard.stopWhenSpent().catch(() => undefined), BUDGET_LOOK_MS);
  afterAll(async () => {
    clearInterval(looks);
    const { machines, minutes } = guard.spent;
    process.stdout.write(`spent: ${machines} machines, ${minutes.toFixed(0)} machine-minutes\n`);
    await guard.endAll();
    close();
  });
  conformance(NAME, await probed(setup));
}
