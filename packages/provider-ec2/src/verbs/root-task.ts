import { ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { STEP_TAG } from '../launching/tags.js';
import type { Ec2ReplaceRootVolumeTask } from '../ports/ec2-storage-api.js';

/** One replacement of a machine's root volume; the token is tag and client token of EC2's task, which makes it once. */
export interface RootReplacement {
  readonly instanceId: string;
  readonly imageId: string;
  readonly token: string;
  readonly deleteReplaced: boolean;
}

/** The task of that token, if it was begun. */
export async function findRootTask(
  ec2: Ec2Context,
  instanceId: string,
  token: string,
  signal?: AbortSignal,
): Promise<Ec2ReplaceRootVolumeTask | undefined> {
  const tasks = await rootTasks(ec2, instanceId, signal);
  return tasks.find(({ tags }) => tags[STEP_TAG.rootTask] === token);
}

export function rootTasks(
  ec2: Ec2Context,
  instanceId: string,
  signal?: AbortSignal,
): Promise<readonly Ec2ReplaceRootVolumeTask[]> {
  return ec2.calls.read({
    action: 'DescribeReplaceRootVolumeTasks',
    signal,
    run: (api, options) => api.describeReplaceRootVolumeTasks(instanceId, options),
  });
}

export function isActive({ state }: Ec2ReplaceRootVolumeTask): boolean {
  return state === 'pending' || state === 'in-progress' || state === 'failing' || state === 'failing-detached';
}

/** Of a running machine only, which reboots from the new volume on the same host, with id and addresses (AWS: "Replace a root volume"). */
export async function beginRootTask(
  ec2: Ec2Context,
  { instanceId, imageId, token, deleteReplaced }: RootReplacement,
  signal?: AbortSignal,
): Promise<void> {
  const { cellName } = ec2.config;
  await ec2.calls.once({
    action: 'CreateReplaceRootVolumeTask',
    signal,
    context: { image: imageId },
    run: (api, options) =>
      api.createReplaceRootVolumeTask(
        {
          ...{ instanceId, imageId, clientToken: token, deleteReplacedRootVolume: deleteReplaced },
          tags: { 'burstcell:cell': cellName, [STEP_TAG.rootTask]: token },
        },
        options,
      ),
  });
}

export function failedTask({ taskId, state }: Ec2ReplaceRootVolumeTask): ProviderError {
  const detached = state === 'failed-detached';
  return new ProviderError('invalid', `root volume replacement ${taskId} ended as ${state}`, {
    subject: 'image',
    userMessage: detached
      ? 'The cloud failed while it replaced the root disk, and the server has none now; ask your cloud operator.'
      : 'The cloud could not replace the root disk and left the server as it was; try another image or ask your cloud operator.',
  });
}
