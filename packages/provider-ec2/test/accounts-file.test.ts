import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Ec2OptionError, readAccounts } from '../src/index.js';

const ROLE = 'arn:aws:iam::210987654321:role/burstcell';
const entry = { projects: ['p1'], role_arn: ROLE };

describe('the accounts file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'accounts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function read(content: unknown, section: Readonly<Record<string, string>> = {}) {
    const file = join(folder, 'accounts.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return readAccounts({ region: 'eu-central-1', accounts_file: file, ...section });
  }

  it('is not needed', () => {
    expect(readAccounts({ region: 'eu-central-1' })).toEqual([]);
  });

  it('names projects, a role and what is of the account; what names things of [ec2] is not taken over', () => {
    const subnets = { 'eu-central-1a': ['subnet-1', 'subnet-2'], 'eu-central-1b': 'subnet-3' };
    const [account] = read([{ ...entry, external_id: 'x', subnets, security_group_ids: ['sg-1'], image_map: 'debian:ami-2' }], {
      subnets: 'eu-central-1a:subnet-9',
      iam_instance_profile: 'of-home',
      default_ami: 'ami-1',
      request_timeout: '7',
    });

    expect(account).toMatchObject({
      account: '210987654321',
      projects: ['p1'],
      settings: {
        region: 'eu-central-1',
        roleArn: ROLE,
        externalId: 'x',
        subnets: { 'eu-central-1a': ['subnet-1', 'subnet-2'], 'eu-central-1b': ['subnet-3'] },
        securityGroupIds: ['sg-1'],
        imageMap: { debian: 'ami-2' },
        defaultAmi: 'ami-1',
        requestTimeoutMs: 7_000,
      },
    });
    expect(account?.settings).not.toHaveProperty('iamInstanceProfile');
  });

  it('keeps an account that has no projects any more', () => {
    expect(read([{ ...entry, projects: [] }])).toMatchObject([{ account: '210987654321', projects: [] }]);
  });

  it.each([
    ['{"projects": "secret-text', {}, 'is no JSON', 'bracket'],
    [{}, {}, 'holds no list', 'write ['],
    [[entry, 7], {}, 'entry 2 is no object', 'projects'],
    [[{ role_arn: ROLE }], {}, 'entry 1 has no list of projects', '[] to keep'],
    [[{ projects: ['p1'] }], {}, 'entry 1: role_arn is not set', 'the role to act as'],
    [[{ ...entry, role_arn: 'burstcell' }], {}, 'entry 1: role_arn burstcell is no role', 'arn:aws:iam::'],
    [[{ ...entry, region: 'us-east-1' }], {}, 'entry 1: region is no option of an account', 'subnets'],
    [[{ ...entry, subnets: { a: [1] } }], {}, 'entry 1: subnets is neither', 'without commas'],
    [[{ ...entry, subnets: 'subnet-1' }], {}, 'entry 1: subnets "subnet-1" is no pair', 'name:value'],
    [[entry, { ...entry, projects: ['p2'] }], {}, 'entry 2: account 210987654321 is in entry 1', 'once'],
    [[entry], { role_arn: ROLE }, 'entry 1: account 210987654321 is in role_arn of [ec2]', 'once'],
    [
      [entry, { projects: ['p1'], role_arn: ROLE.replace('2109', '3109') }],
      {},
      'entry 2: project p1 is in entry 1 already',
      'once',
    ],
  ])('says what is wrong with %j beside %j: file, entry and remedy', (content, section, problem, remedy) => {
    const error = errorOf(() => read(content, section as Record<string, string>));

    expect(error).toBeInstanceOf(Ec2OptionError);
    expect(error).toMatchObject({ key: 'accounts_file', remedy: expect.stringContaining(remedy) });
    expect((error as Error).message).toContain(join(folder, 'accounts.json'));
    expect((error as Error).message).toContain(problem);
    expect((error as Error).message).not.toContain('secret-text');
  });

  it('that cannot be read is named', () => {
    expect(errorOf(() => readAccounts({ region: 'r', accounts_file: join(folder, 'none.json') }))).toMatchObject({
      message: expect.stringContaining('none.json cannot be read (ENOENT)'),
    });
  });
});

function errorOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
