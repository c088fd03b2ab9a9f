import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { EC2_BUCKETS, makeSdkApi, parseEc2Options } from '../src/index.js';

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const file = new URL('../../../../deploy/iam/burstcell-ec2.json', import.meta.url);
const { Statement: statements } = JSON.parse(readFileSync(file, 'utf8')) as { Statement: readonly Statement[] };

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

/** One action is of the service beside EC2. */
function asGranted(action: string): string {
  return action === 'SendSerialConsoleSSHPublicKey' ? `ec2-instance-connect:${action}` : `ec2:${action}`;
}

describe('the IAM policy', () => {
  it('grants every action that the port can make, and no other', () => {
    expect([...granted].sort()).toEqual(portActions().map(asGranted).sort());
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
    expect([...granted].some((action) => !/^ec2(-instance-connect)?:\w+$/.test(action))).toBe(false);
  });
});
