import type { Ec2Api } from '../../src/ports/ec2-api.js';

/** On everything that a run makes. */
export const RUN_TAG = 'burstcell:test-run';

/** Filter for what a run has made. */
export function ofRun(run: string): Readonly<Record<string, readonly string[]>> {
  return { [`tag:${RUN_TAG}`]: [run] };
}

const LIVING = ['pending', 'running', 'stopping', 'stopped'] as const;

/** Ids of the run's machines that still cost something. */
export async function livingMachines(api: Ec2Api, run: string): Promise<readonly string[]> {
  const filters = { ...ofRun(run), 'instance-state-name': LIVING };
  const ids: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await api.describeInstances({ filters, ...(nextToken === undefined ? {} : { nextToken }) });
    ids.push(...page.instances.map(({ instanceId }) => instanceId));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return ids;
}
