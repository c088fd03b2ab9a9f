import type { CallOptions, DescribeOptions, ImageImport, Launch, Provider, ProviderInstance } from '@burstcell/provider';
import type { Ec2ProviderConfig } from '../settings/config.js';
import type { Account } from './account.js';
import { accountAbilities } from './account-abilities.js';
import { accountPage } from './account-pages.js';
import { AccountRegistry, byAccount, type Ec2Account, present } from './account-registry.js';
import { joinedShape } from './account-shape.js';

/**
 * EC2 in several AWS accounts as one provider. A request goes to its project's account, by default to that of
 * `[ec2]`; ids of others carry their account's number, also where that is configured no more: such calls are
 * `unavailable`, since nothing is known of what is there. Zones are called as in the account of `[ec2]`.
 * Makes no call until it is used. Closes only what it made itself.
 */
export function createEc2Accounts(home: Ec2ProviderConfig, others: readonly Ec2Account[]): Provider {
  const accounts = new AccountRegistry(home, others);
  const launching = (launch: Pick<Launch, 'offering'>) => accounts.of(launch.offering.account ?? null);
  return {
    name: 'ec2',
    shape: (options) => joinedShape(accounts, options?.signal),
    async offerings(request, options) {
      const account = accounts.ofProject(request.projectId);
      account.room.note(request.flavor.memoryMb);
      const found = await account.provider.offerings(account.asked(request), options);
      return found.map((offering) => account.offered(offering));
    },
    async explain(request, options) {
      const account = accounts.ofProject(request.projectId);
      return account.provider.explain(account.asked(request), options);
    },
    freeze: (requests, offering, attempt) => launching({ offering }).provider.freeze(requests, offering, attempt),
    admit: async (options) => accounts.of(options?.account ?? null).provider.admit(options),
    async launch(launch, options) {
      const account = launching(launch);
      const launched = await account.provider.launch(launch, options);
      return new Map([...launched].map(([uuid, machine]) => [uuid, account.shown(machine)]));
    },
    describe: (ids, options) => describe(accounts, ids, options),
    async list(page, options) {
      const { account, token, after } = accountPage(accounts, page);
      const { instances, next } = await account.provider.list(token, options);
      return { instances: instances.map((machine) => account.shown(machine)), ...after(next) };
    },
    ...powerVerbs(accounts),
    ...accountAbilities(accounts),
    ...extrasOf(accounts),
    close: () => accounts.close(),
  };
}

/**
 * One queue tells of all accounts; events of another carry its number. An image is brought to the account of those who
 * shall use it.
 */
function extrasOf(accounts: AccountRegistry): Pick<Provider, 'changes' | 'importImage' | 'imports' | 'imageProperty'> {
  const { changes, importImage, imports, imageProperty } = accounts.home.provider;
  return {
    ...(changes && { changes }),
    ...(importImage && {
      async importImage(image, source, options) {
        const { projectId = '', providerId } = options ?? {};
        const account = providerId === undefined ? accounts.ofProject(projectId) : accounts.find(providerId).account;
        return account.imported(await present(account.provider.importImage)(image, source, options));
      },
    }),
    ...(imports && {
      imports: async (options) => (await Promise.all(accounts.all.map((account) => importsIn(account, options)))).flat(),
    }),
    ...(imageProperty !== undefined && { imageProperty }),
  };
}

async function importsIn(account: Account, options?: CallOptions): Promise<readonly ImageImport[]> {
  const imports = await present(account.provider.imports)(options);
  return imports.map((each) => ({ ...each, account: account.number }));
}

function powerVerbs(accounts: AccountRegistry): Pick<Provider, 'start' | 'stop' | 'reboot' | 'terminate'> {
  const at = async (text: string) => accounts.find(text);
  return {
    start: async (text, options) => at(text).then(({ account, id }) => account.provider.start(id, options)),
    stop: async (text, options) => at(text).then(({ account, id }) => account.provider.stop(id, options)),
    reboot: async (text, options) => at(text).then(({ account, id }) => account.provider.reboot(id, options)),
    terminate: async (text, options) => at(text).then(({ account, id }) => account.provider.terminate(id, options)),
  };
}

/** One account that cannot be asked keeps no machine of others from being seen, where the caller can be told so. */
async function describe(
  accounts: AccountRegistry,
  texts: readonly string[],
  { onUnknown, ...options }: DescribeOptions = {},
): Promise<ReadonlyMap<string, ProviderInstance>> {
  const groups = byAccount(accounts, texts, async (account, ids) =>
    [...(await account.provider.describe(ids, options)).values()].map((machine) => account.shown(machine)),
  );
  const answers = await Promise.allSettled(groups.map(({ asked }) => asked));
  const isPartial = onUnknown !== undefined && answers.some(({ status }) => status === 'fulfilled');
  const found = new Map<string, ProviderInstance>();
  answers.forEach((answer, at) => {
    if (answer.status === 'fulfilled') for (const machine of answer.value) found.set(machine.providerId, machine);
    else if (isPartial) onUnknown(groups[at]?.texts ?? [], answer.reason);
    else throw answer.reason;
  });
  return found;
}
