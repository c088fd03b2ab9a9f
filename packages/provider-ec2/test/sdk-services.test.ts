import { describe, expect, it } from '@jest/globals';
import { commandsCalls } from '../src/sdk/sdk-commands.js';
import { metricsCalls } from '../src/sdk/sdk-metrics.js';

/** An SDK client that keeps what it is asked and answers this. */
function aClient(answer: unknown) {
  const inputs: unknown[] = [];
  const send = async (command: { readonly input: unknown }) => {
    inputs.push(command.input);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { inputs, client: { send } as never };
}

const failure = (name: string, httpStatusCode: number) => Object.assign(new Error('no'), { name, $metadata: { httpStatusCode } });
const window = { start: new Date(0), end: new Date(60_000) };

describe('CloudWatch on the SDK', () => {
  it('asks for metrics of instances, newest first, and follows no page by itself', async () => {
    const { client, inputs } = aClient({ MetricDataResults: [{ Id: 'm0', Values: [2, 1] }], NextToken: 'more' });

    const queries = [{ id: 'm0', instanceId: 'i-1', metric: 'NetworkIn', stat: 'Sum', periodSeconds: 300 } as const];
    const page = await metricsCalls(client).getMetricData({ queries, ...window, nextToken: 'second' });

    expect(page).toEqual({ results: [{ id: 'm0', values: [2, 1] }], nextToken: 'more' });
    const Metric = { Namespace: 'AWS/EC2', MetricName: 'NetworkIn', Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }] };
    expect(inputs).toEqual([
      {
        MetricDataQueries: [{ Id: 'm0', MetricStat: { Metric, Stat: 'Sum', Period: 300 } }],
        StartTime: window.start,
        EndTime: window.end,
        ScanBy: 'TimestampDescending',
        NextToken: 'second',
      },
    ]);
  });

  it('says what AWS said when it refuses', async () => {
    const { client } = aClient(failure('AccessDenied', 403));

    await expect(metricsCalls(client).getMetricData({ queries: [], ...window })).rejects.toMatchObject({
      name: 'Ec2Error',
      code: 'AccessDenied',
    });
  });
});

describe('Systems Manager on the SDK', () => {
  it('sends a script to one instance, with the same time to begin and to end', async () => {
    const { client, inputs } = aClient({ Command: { CommandId: 'c-1' } });

    const sent = await commandsCalls(client).sendCommand({
      instanceId: 'i-1',
      document: 'AWS-RunShellScript',
      commands: ['true'],
      timeoutSeconds: 30,
    });

    expect(sent).toEqual({ commandId: 'c-1' });
    expect(inputs).toEqual([
      {
        InstanceIds: ['i-1'],
        DocumentName: 'AWS-RunShellScript',
        TimeoutSeconds: 30,
        Parameters: { commands: ['true'], executionTimeout: ['30'] },
      },
    ]);
  });

  it('looks how it went, without what the script complained of', async () => {
    const { client } = aClient({ Status: 'Failed', StatusDetails: 'Undeliverable', StandardErrorContent: 'secret' });

    expect(await commandsCalls(client).getCommandInvocation({ commandId: 'c-1', instanceId: 'i-1' })).toEqual({
      status: 'Failed',
      statusDetails: 'Undeliverable',
    });
  });

  it('brings what the script wrote to standard output', async () => {
    const { client } = aClient({ Status: 'Success', StatusDetails: 'Success', StandardOutputContent: 'a key' });

    expect(await commandsCalls(client).getCommandInvocation({ commandId: 'c-1', instanceId: 'i-1' })).toMatchObject({
      output: 'a key',
    });
  });

  it('says what AWS said when it refuses', async () => {
    const { client } = aClient(failure('InvocationDoesNotExist', 400));

    const asked = commandsCalls(client).getCommandInvocation({ commandId: 'c-1', instanceId: 'i-1' });

    await expect(asked).rejects.toMatchObject({ name: 'Ec2Error', code: 'InvocationDoesNotExist' });
  });
});
