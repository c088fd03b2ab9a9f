import { fileURLToPath } from 'node:url';
import { conformance, probed } from '@burstcell/provider/conformance';
import { afterAll, describe, it } from '@jest/globals';
import { MotoUnavailable, startMoto } from '../../src/fake/index.js';
import { MOTO_LACKS, motoSetup } from './moto-setup.js';

const NAME = 'ec2 on moto behind the fault proxy';

/** Whether there is a moto decides which tests there are, so it is started before they are named. */
const workDir = process.env.BURSTCELL_WORK ?? fileURLToPath(new URL('../../../../../.work', import.meta.url));
const moto = await startMoto({ workDir }).catch((error: unknown) => {
  if (error instanceof MotoUnavailable) return error;
  throw error;
});

if (moto instanceof MotoUnavailable) {
  const reason = moto.message;
  process.stderr.write(`SKIPPED ${NAME}: ${reason}\n`);
  describe(NAME, () => it.skip(`skipped: ${reason}`, () => {}));
} else {
  process.stdout.write(`skipped  ${NAME}: ${MOTO_LACKS}\n`);
  const setup = await motoSetup(moto.url);
  afterAll(async () => {
    await setup.close();
    await moto.stop();
  });
  conformance(NAME, await probed(setup));
}
