import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-error.js';
import { checkProvider } from '../../src/providers/open-provider.js';
import { providerOptions } from '../../src/providers/options.js';
import { MINIMUM } from '../cli/support.js';

describe('the options of a provider', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'burstcell-provider-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const checked = (section: string) => {
    const path = join(folder, 'burstcell.conf');
    writeFileSync(path, `${MINIMUM}[burst]\nprovider = ec2\n[ec2]\n${section}`);
    return checkProvider(loadConfig([path], providerOptions));
  };

  it.each([
    ['market = spot\n', '[ec2] region is not set', /^Set it to the AWS region/],
    ['region = us-east-1\naccess_key_id = a\n', '[ec2] secret_access_key is missing', /^Set both, or neither/],
    ['region = us-east-1\naccounts_file = /nowhere.json\n', '[ec2] accounts_file /nowhere.json cannot be read', /^Name a file/],
  ])('that make no sense together are told as any others: %j', async (section, problem, remedy) => {
    const error = await checked(section).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ message: expect.stringContaining(problem), remedy: expect.stringMatching(remedy) });
  });

  it('are well when they are', async () => {
    await expect(checked('region = us-east-1\n')).resolves.toBeUndefined();
  });
});
