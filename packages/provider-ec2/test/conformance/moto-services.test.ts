import { fileURLToPath } from 'node:url';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, describe, expect, it } from '@jest/globals';
import { MotoUnavailable, startMoto } from '../../src/fake/index.js';
import { parseEc2Options } from '../../src/index.js';
import { makeSdkCommandsApi } from '../../src/sdk/sdk-commands.js';
import { makeSdkMetricsApi } from '../../src/sdk/sdk-metrics.js';

const NAME = 'CloudWatch and Systems Manager on moto';
const ID = 'i-0123456789abcdef0';

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
  onMoto(moto.url);
  afterAll(() => moto.stop());
}

/** The SDK speaks to them in protocols of their own, which no fake of ours knows. */
function onMoto(url: string): void {
  // As operators would: endpoint_url is EC2's alone.
  process.env.AWS_ENDPOINT_URL_CLOUDWATCH = url;
  process.env.AWS_ENDPOINT_URL_SSM = url;
  const settings = parseEc2Options({ region: 'us-east-1', access_key_id: 'test', secret_access_key: 'test' });

  describe(NAME, () => {
    it('gives the metrics that were written', async () => {
      const api = makeSdkMetricsApi(settings);
      const at = new Date();
      await write(url, { MetricName: 'NetworkIn', Value: 42, Timestamp: at });

      const query = { instanceId: ID, stat: 'Sum', periodSeconds: 300 } as const;
      const page = await api.getMetricData({
        queries: [
          { ...query, id: 'm0', metric: 'NetworkIn' },
          { ...query, id: 'm1', metric: 'NetworkOut' },
        ],
        start: new Date(at.getTime() - 600_000),
        end: new Date(at.getTime() + 600_000),
      });

      expect(page.results).toEqual([
        { id: 'm0', values: [42] },
        { id: 'm1', values: [] },
      ]);
      api.close();
    });

    it('sends a command, and sees its end', async () => {
      const api = makeSdkCommandsApi(settings);

      const { commandId } = await api.sendCommand({
        instanceId: ID,
        document: 'AWS-RunShellScript',
        commands: ['true'],
        timeoutSeconds: 30,
      });

      expect(await api.getCommandInvocation({ commandId, instanceId: ID })).toMatchObject({ status: 'Success' });
      api.close();
    });

    it('says what is not there by its code', async () => {
      const api = makeSdkCommandsApi(settings);

      const asked = api.getCommandInvocation({ commandId: '00000000-0000-0000-0000-000000000000', instanceId: ID });

      await expect(asked).rejects.toMatchObject({ name: 'Ec2Error', httpStatus: 400 });
      api.close();
    });
  });
}

async function write(endpoint: string, datum: { MetricName: string; Value: number; Timestamp: Date }): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new CloudWatchClient({ region: 'us-east-1', endpoint, credentials });
  const Dimensions = [{ Name: 'InstanceId', Value: ID }];
  await client.send(new PutMetricDataCommand({ Namespace: 'AWS/EC2', MetricData: [{ ...datum, Dimensions }] }));
  client.destroy();
}
