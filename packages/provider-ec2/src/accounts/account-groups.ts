import type { SecurityGroupAbilities, SecurityGroupSync } from '@burstcell/provider';
import type { AccountRegistry } from './account-registry.js';

export type GroupAbilities = Required<SecurityGroupAbilities>;

/** A group has a counterpart in each account that a project which uses it goes to. */
export function accountGroups(accounts: AccountRegistry): GroupAbilities {
  return {
    async prepareSecurityGroups(request, options) {
      const account = accounts.ofProject(request.projectId);
      return account.provider.prepareSecurityGroups(account.asked(request), options);
    },
    async syncSecurityGroups(read, options) {
      const passes = accounts.all.map(({ provider }) => provider.syncSecurityGroups(read, options));
      return summed(await Promise.allSettled(passes));
    },
  };
}

/** An account that cannot be asked keeps no other from being brought along, and is told of when all are through. */
function summed(passes: readonly PromiseSettledResult<SecurityGroupSync>[]): SecurityGroupSync {
  const done = passes.map((pass) => {
    if (pass.status === 'rejected') throw pass.reason;
    return pass.value;
  });
  const sum = (count: (pass: SecurityGroupSync) => number) => done.reduce((total, pass) => total + count(pass), 0);
  return {
    groups: sum(({ groups }) => groups),
    changed: sum(({ changed }) => changed),
    deleted: sum(({ deleted }) => deleted),
    failed: sum(({ failed }) => failed),
  };
}
