import type { DescribeInstancesInput } from '../ports/ec2-api.js';
import type { Account } from './account.js';
import { ec2Failure } from './failures.js';
import { instanceFilter } from './filters.js';
import type { Machine } from './machine.js';
import { type Page, readToken, writeToken } from './paging.js';

/** AWS: DescribeInstances, MaxResults and InstanceIds. */
const MIN_PAGE = 5;
const MAX_PAGE = 1000;

/** DescribeInstances: by ids without paging, or by filters with it; in order of birth. */
export function describeInstances(account: Account, input: DescribeInstancesInput): Page<Machine> {
  checkPaging(input);
  const isWanted = instanceFilter(input.filters ?? {}, account.machines);
  if (input.ids !== undefined && input.ids.length > 0) return { items: account.machines.require(input.ids).filter(isWanted) };

  const after = input.nextToken === undefined ? 0 : readToken(input.nextToken);
  const size = input.maxResults ?? MAX_PAGE;
  const items: Machine[] = [];
  for (const machine of candidates(account, input)) {
    if (machine.serial <= after || !isWanted(machine)) continue;
    if (items.length === size) return { items, nextToken: writeToken(items[size - 1]?.serial ?? 0) };
    items.push(machine);
  }
  return { items };
}

/** Client tokens are indexed: looking one up among ten thousand machines must stay cheap. */
function candidates({ machines, tokens }: Account, { filters }: DescribeInstancesInput): Iterable<Machine> {
  const asked = filters?.['client-token'];
  if (asked === undefined || asked.some((token) => /[*?]/.test(token))) return machines.visible();
  const found = new Set(asked.flatMap((token) => tokens.machinesOf(token)));
  return [...found]
    .filter((machine) => machines.find(machine.id) !== undefined && machines.isVisible(machine))
    .sort((a, b) => a.serial - b.serial);
}

function checkPaging({ ids = [], maxResults }: DescribeInstancesInput): void {
  if (ids.length > MAX_PAGE) throw ec2Failure('InvalidParameterValue', `At most ${MAX_PAGE} instance ids may be given`);
  if (maxResults === undefined) return;
  if (ids.length > 0) {
    throw ec2Failure('InvalidParameterCombination', 'The parameter instancesSet cannot be used with the parameter maxResults');
  }
  if (maxResults < MIN_PAGE || maxResults > MAX_PAGE) {
    throw ec2Failure(
      'InvalidParameterValue',
      `Value ( ${maxResults} ) for parameter maxResults is invalid. Expecting a value between ${MIN_PAGE} and ${MAX_PAGE}.`,
    );
  }
}
