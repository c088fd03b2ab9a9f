import { ProviderError } from '@burstcell/provider';
import type { Ec2Api } from '../ports/ec2-api.js';
import { makeSdkApi } from '../sdk/sdk-api.js';
import type { Ec2ProviderConfig } from '../settings/config.js';
import { UNCONFIGURED_RETRY_AFTER_MS } from '../timings.js';
import { Account } from './account.js';
import { type AccountNumber, split } from './account-ids.js';
import { withZonesOf } from './account-zones.js';

/** An AWS account beside the cell's own, and the projects whose servers go there. */
export interface Ec2Account {
  /** Its number, 12 digits. */
  readonly account: string;
  /** May be empty: then nothing new goes there, and what is there is still served. */
  readonly projects: readonly string[];
  readonly config: Ec2ProviderConfig;
}

export interface Addressed {
  readonly account: Account;
  /** As EC2 knows it. */
  readonly id: string;
}

/** Which account a project or an id belongs to. */
export class AccountRegistry {
  /** That of the `[ec2]` section. */
  readonly home: Account;
  readonly others: readonly Account[];
  readonly #ofProject = new Map<string, Account>();
  readonly #closing: (() => void)[] = [];

  constructor(home: Ec2ProviderConfig, others: readonly Ec2Account[]) {
    const homeApi = this.#apiOf(home);
    this.home = new Account(null, { ...home, api: homeApi, otherAccounts: others.map(({ account }) => account) });
    this.others = others.map(({ account: number, projects, config }) => {
      const account = new Account(number, { ...config, api: withZonesOf(homeApi, this.#apiOf(config)) });
      for (const project of projects) this.#ofProject.set(project, account);
      return account;
    });
  }

  get all(): readonly Account[] {
    return [this.home, ...this.others];
  }

  ofProject(projectId: string): Account {
    return this.#ofProject.get(projectId) ?? this.home;
  }

  /** Throws `unavailable`: what an account has that is not configured any more is unknown, not gone. */
  of(number: AccountNumber): Account {
    const account = this.all.find((each) => each.number === number);
    if (account) return account;
    throw new ProviderError('unavailable', `AWS account ${number} is not configured; put it back into [ec2] accounts_file`, {
      userMessage: 'The part of the cloud that this server is in is not connected at the moment; ask your cloud operator.',
      retryAfterMs: UNCONFIGURED_RETRY_AFTER_MS,
    });
  }

  /** Throws as {@link of}. */
  find(text: string): Addressed {
    const { id, account } = split(text);
    return { account: this.of(account), id };
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((account) => account.close()));
    for (const close of this.#closing) close();
  }

  #apiOf(config: Ec2ProviderConfig): Ec2Api {
    if (config.api) return config.api;
    const api = makeSdkApi(config);
    this.#closing.push(() => api.close());
    return api;
  }
}

/** Runs `ask` once for each account that some of these ids belong to; what each of them came to, in turn. */
export function byAccount<T>(
  registry: AccountRegistry,
  texts: readonly string[],
  ask: (account: Account, ids: readonly string[]) => Promise<T>,
): readonly { readonly texts: readonly string[]; readonly asked: Promise<T> }[] {
  const numbers = [...new Set(texts.map((text) => split(text).account))];
  return numbers.map((number) => {
    const own = texts.filter((text) => split(text).account === number);
    const ids = own.map((text) => split(text).id);
    return { texts: own, asked: (async () => ask(registry.of(number), ids))() };
  });
}

/** What the account of `[ec2]` can do by an option, every account can, since such options are the cell's. */
export function present<T>(ability: T | undefined): T {
  if (ability === undefined) throw new ProviderError('unsupported', 'an option differs between two accounts of one cell');
  return ability;
}
