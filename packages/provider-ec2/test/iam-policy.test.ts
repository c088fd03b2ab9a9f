import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { COMMANDS_BUCKETS, EC2_BUCKETS, METRICS_BUCKETS, makeSdkApi, parseEc2Options } from '../src/index.js';
import { makeSdkCommandsApi } from '../src/sdk/sdk-commands.js';
import { makeSdkEvents } from '../src/sdk/sdk-events.js';
import { makeSdkMetricsApi } from '../src/sdk/sdk-metrics.js';
import { UNDERSTOOD } from '../src/watching/event-message.js';

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const deploy = new URL('../../../../deploy/', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, deploy), 'utf8');
const statementsOf = (path: string) => (JSON.parse(textOf(path)) as { Statement: readonly Statement[] }).Statement;
const statements = statementsOf('iam/burstcell-ec2.json');

const actionsOf = ({ Action }: Statement): readonly string[] => [Action].flat();
const granted = new Set(statements.flatMap(actionsOf));

const settings = parseEc2Options({ region: 'us-east-1' });
const ofEc2 = actionsOfPort(makeSdkApi(settings));
const ofMetrics = actionsOfPort(makeSdkMetricsApi(settings));
const ofCommands = actionsOfPort(makeSdkCommandsApi(settings));

/** What the port can ask of AWS: a method is named after its action. */
function actionsOfPort(api: { close(): void }): readonly string[] {
  api.close();
  return Object.keys(api)
    .filter((name) => name !== 'close')
    .map((name) => name.charAt(0).toUpperCase() + name.slice(1))
    .sort();
}

describe('the trust policy of a further account', () => {
  it('lets sessions of a cell in, and only with an external id', () => {
    const trust = new URL('../../../../deploy/iam/burstcell-assume-role.json', import.meta.url);
    const { Statement: trusted } = JSON.parse(readFileSync(trust, 'utf8')) as { Statement: readonly Statement[] };

    expect(trusted.flatMap(actionsOf)).toEqual(['sts:AssumeRole']);
    expect(trusted.map(({ Condition }) => Condition)).toEqual([
      {
        StringEquals: { 'sts:ExternalId': expect.any(String) },
        StringLike: { 'sts:RoleSessionName': 'burstcell-*' },
      },
    ]);
  });
});

/** One action is of the service beside EC2. */
function asGranted(action: string): string {
  return action === 'SendSerialConsoleSSHPublicKey' ? `ec2-instance-connect:${action}` : `ec2:${action}`;
}

describe('the IAM policy', () => {
  it('grants every action that the port can make, and no other', () => {
    const named = (service: string, actions: readonly string[]) => actions.map((action) => `${service}:${action}`);
    const wanted = [...named('cloudwatch', ofMetrics), ...ofEc2.map(asGranted), ...named('ssm', ofCommands)];

    expect([...granted].sort()).toEqual(wanted.sort());
  });

  it('stands beside a bucket for every action', () => {
    expect(Object.keys(EC2_BUCKETS).sort()).toEqual(ofEc2);
    expect(Object.keys(METRICS_BUCKETS).sort()).toEqual(ofMetrics);
    expect(Object.keys(COMMANDS_BUCKETS).sort()).toEqual(ofCommands);
  });

  it('changes nothing that does not carry the tag of a cell, but for what is attached, imported or launched from', () => {
    const untied = statements.filter(({ Condition }) => Condition === undefined).map(({ Sid }) => Sid);

    expect(untied).toEqual([
      'Look',
      'LaunchFrom',
      'ImportKeyPairs',
      'TakeElasticAddressesFromOwnPools',
      'AttachVolumesOfAnyVolumeService',
      'ReplaceRootVolumesFrom',
      'ImportInto',
      'MakeSecurityGroupsIn',
      'MetricsOfInstances',
      'CommandsOfTwoKinds',
      'EndsOfCommands',
    ]);
    const look = statements.find(({ Sid }) => Sid === 'Look');
    expect(look && actionsOf(look).every((action) => action.startsWith('ec2:Describe'))).toBe(true);
  });

  it('allows, names each statement once, and leaves roles alone', () => {
    expect(new Set(statements.map(({ Effect }) => Effect))).toEqual(new Set(['Allow']));
    expect(new Set(statements.map(({ Sid }) => Sid)).size).toBe(statements.length);
    expect(
      [...granted].some((action) => action.includes('*') || !/^(ec2|ec2-instance-connect|cloudwatch|ssm):/.test(action)),
    ).toBe(false);
  });
});

describe('the IAM policy for events', () => {
  const [statement, ...others] = statementsOf('iam/burstcell-ec2-events.json');

  it('grants what the port to the queue asks for, on queues of cells, and nothing else', () => {
    const port = Object.keys(makeSdkEvents(parseEc2Options({ region: 'us-east-1' }), 'https://sqs.invalid/q'));

    expect(port.sort()).toEqual(['close', 'delete', 'receive']);
    expect(statement && actionsOf(statement)).toEqual(['sqs:DeleteMessage', 'sqs:ReceiveMessage']);
    expect(statement?.Resource).toBe('arn:*:sqs:*:*:burstcell-*');
    expect(others).toEqual([]);
  });

  it('names the queue as the template makes it, whose rule lets through what is understood', () => {
    const template = textOf('aws/events.yaml');

    expect(template).toMatch(/QueueName: !Sub ["']burstcell-/);
    const types = [...template.matchAll(/^ {10}- (EC2 .*)$/gm)].map(([, type]) => type);
    expect(types).toEqual([...UNDERSTOOD]);
  });
});
