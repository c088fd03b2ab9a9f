import type { UnownedPage } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { TAG } from '../launching/tags.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import { LIST_PAGE_SIZE } from '../timings.js';
import { observe } from '../watching/observe.js';

const LIVING = ['pending', 'running', 'stopping', 'stopped'];

/** One page of the region's machines less those with a cell's tag: EC2 has no filter for what is not there. */
export async function unowned(ec2: Ec2Context, page?: string, signal?: AbortSignal): Promise<UnownedPage> {
  const [{ instances, nextToken }, { types }] = await Promise.all([livingPage(ec2, page, signal), ec2.catalogue.get(signal)]);
  const found = instances.filter(({ tags }) => tags[TAG.cell] === undefined);
  const observed = await observe(ec2, found, signal);
  const machines = observed.map((machine, index) => {
    const type = types.get(machine.size ?? '');
    return { machine, name: nameOf(found[index]), vcpus: type?.vcpus ?? null, memoryMb: type?.memoryMb ?? null };
  });
  return { machines, ...(nextToken === undefined ? {} : { next: nextToken }) };
}

function livingPage(ec2: Ec2Context, page?: string, signal?: AbortSignal) {
  const filters = { 'instance-state-name': LIVING };
  return ec2.calls.read({
    action: 'DescribeInstances',
    priority: 'sweep',
    signal,
    run: (api, options) =>
      api.describeInstances({ filters, maxResults: LIST_PAGE_SIZE, ...(page === undefined ? {} : { nextToken: page }) }, options),
  });
}

/** The console's column "Name" is the tag of that key. */
function nameOf(instance: Ec2Instance | undefined): string | null {
  const name = instance?.tags.Name ?? '';
  return name === '' ? null : name;
}
