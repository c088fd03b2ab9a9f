import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { UNDERSTOOD } from '../src/event-message.js';
import { EC2_BUCKETS, makeSdkApi, parseEc2Options } from '../src/index.js';
import { makeSdkEvents } from '../src/sdk-events.js';

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

/** What the port can ask of EC2: a method is named after its action. */
function portActions(): readonly string[] {
  const api = makeSdkApi(parseEc2Options({ region: 'us-east-1' }));
  api.close();
  return Object.keys(api)
    .filter((name) => name !== 'close')
    .map((name) => name.charAt(0).toUpperCase() + name.slice(1))
    .sort();
}

describe('the IAM policy', () => {
  it('grants every action that the port can make, and no other', () => {
    expect([...granted].sort()).toEqual(portActions().map((action) => `ec2:${action}`));
  });

  it('stands beside a bucket for every action', () => {
    expect(Object.keys(EC2_BUCKETS).sort()).toEqual(portActions());
  });

  it('changes nothing that does not carry the tag of a cell, but for what is attached, imported or launched from', () => {
    const untied = statements.filter(({ Condition }) => Condition === undefined).map(({ Sid }) => Sid);

    expect(untied).toEqual(['Look', 'LaunchFrom', 'ImportKeyPairs', 'AttachVolumesOfAnyVolumeService', 'ReplaceRootVolumesFrom']);
    const look = statements.find(({ Sid }) => Sid === 'Look');
    expect(look && actionsOf(look).every((action) => action.startsWith('ec2:Describe'))).toBe(true);
  });

  it('allows, names each statement once, and leaves roles alone', () => {
    expect(new Set(statements.map(({ Effect }) => Effect))).toEqual(new Set(['Allow']));
    expect(new Set(statements.map(({ Sid }) => Sid)).size).toBe(statements.length);
    expect([...granted].some((action) => action.includes('*') || !action.startsWith('ec2:'))).toBe(false);
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
