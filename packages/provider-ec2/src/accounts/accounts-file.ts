import { readFileSync } from 'node:fs';
import { type Ec2Settings, parseEc2Options } from '../settings/config.js';
import { Ec2OptionError } from '../settings/option-reader.js';
import { accountOf } from '../settings/role-options.js';
import { entryTexts, isRecord } from './account-entry.js';

/** An AWS account beside that of `[ec2]`, as the accounts file has it. */
export interface AccountSettings {
  /** Its number, as its role names it. */
  readonly account: string;
  readonly projects: readonly string[];
  readonly settings: Ec2Settings;
}

type Texts = Readonly<Record<string, string>>;

/**
 * The accounts of `[ec2] accounts_file`, each with the section's options and its own in their place; none where the
 * section names no file. Takes the section's keys as they stand in the configuration. Throws {@link Ec2OptionError}
 * that names file, entry and remedy.
 */
export function readAccounts(section: Texts): readonly AccountSettings[] {
  const file = section.accounts_file?.trim() ?? '';
  if (file === '') return [];
  const accounts = readList(file).map((entry, at) => readEntry(entry, { section, where: `${file}, entry ${at + 1}` }));
  refuseRepeated(file, accounts, accountOf(section.role_arn?.trim() ?? ''));
  return accounts;
}

function readList(file: string): readonly unknown[] {
  const list = parse(file, readText(file));
  if (!Array.isArray(list)) throw wrong(`${file} holds no list`, 'write [{"projects": […], "role_arn": "…"}, …]');
  return list;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw wrong(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, 'name a file that this user may read');
  }
}

/** The parser's own message would show a piece of the file. */
function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong(`${file} is no JSON`, 'look for a missing comma, bracket or quote, for example with python3 -m json.tool');
  }
}

function readEntry(entry: unknown, { section, where }: { readonly section: Texts; readonly where: string }): AccountSettings {
  if (!isRecord(entry)) throw wrong(`${where} is no object`, 'write {"projects": […], "role_arn": "…"}');
  const { projects, ...options } = entry;
  if (!Array.isArray(projects) || projects.some((project) => typeof project !== 'string' || project === '')) {
    throw wrong(`${where} has no list of projects`, 'write "projects": ["PROJECT_ID"], or [] to keep serving what is there');
  }
  try {
    const settings = parseEc2Options(entryTexts(section, options));
    return { account: accountOf(settings.roleArn ?? '') ?? '', projects, settings };
  } catch (error) {
    if (!(error instanceof Ec2OptionError)) throw error;
    throw wrong(`${where}: ${error.key} ${error.problem}`, error.remedy);
  }
}

/** Two entries of one account would each list the other's machines, and a project has one place. */
function refuseRepeated(file: string, accounts: readonly AccountSettings[], home: string | undefined): void {
  const seen = new Map<string, string>(home === undefined ? [] : [[`account ${home}`, 'role_arn of [ec2]']]);
  accounts.forEach(({ account, projects }, at) => {
    for (const name of [`account ${account}`, ...projects.map((project) => `project ${project}`)]) {
      const first = seen.get(name);
      if (first !== undefined) throw wrong(`${file}, entry ${at + 1}: ${name} is in ${first} already`, 'name it once');
      seen.set(name, `entry ${at + 1}`);
    }
  });
}

function wrong(problem: string, remedy: string): Ec2OptionError {
  return new Ec2OptionError('accounts_file', problem, remedy);
}
