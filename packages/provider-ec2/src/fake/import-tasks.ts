import type { Ec2ImportTask, ImportSnapshotInput, RegisterImageInput } from '../ports/ec2-storage-api.js';
import type { Account } from './account.js';
import { ec2Failure } from './failures.js';
import { checkTags } from './tag-checks.js';

/** Size of every disk that is imported: the fake sees no bucket. */
const IMPORTED_GB = 2;

/** The account's tasks that make snapshots of what lies in a bucket. */
export class ImportTasks {
  /** Whether AWS can make nothing of what it is given. */
  areBroken = false;
  readonly #byToken = new Map<string, Ec2ImportTask>();

  all(): readonly Ec2ImportTask[] {
    return [...this.#byToken.values()];
  }

  find(clientToken: string): Ec2ImportTask | undefined {
    return this.#byToken.get(clientToken);
  }

  put(clientToken: string, task: Ec2ImportTask): void {
    this.#byToken.set(clientToken, task);
  }
}

/** A task that is active for a while, then completed, or deleted if it fails. */
export function importSnapshot(account: Account, input: ImportSnapshotInput): { readonly taskId: string } {
  const { agenda, delays, importTasks, snapshots } = account;
  const { clientToken, tags } = input;
  const known = importTasks.find(clientToken);
  if (known !== undefined) return known;
  if (!['RAW', 'VHD', 'VMDK'].includes(input.format)) {
    throw ec2Failure('InvalidParameterValue', `The format ${input.format} is not supported`);
  }
  checkTags(tags);
  const task: Ec2ImportTask = { taskId: account.newId('import-snap'), state: 'active', progress: 10, tags };
  importTasks.put(clientToken, task);
  agenda.after(delays.imageMs, () => {
    if (importTasks.areBroken) {
      importTasks.put(clientToken, { ...task, state: 'deleted', message: 'ClientError: Disk validation failed' });
      return;
    }
    const snapshotId = account.newId('snap');
    const description = `Created by AWS-VMImport service for ${task.taskId}`;
    snapshots.put({ snapshotId, description, state: 'completed', progress: 100, sizeGb: IMPORTED_GB, tags: {} });
    importTasks.put(clientToken, { ...task, state: 'completed', progress: 100, snapshotId });
  });
  return task;
}

/** An image of a completed snapshot, available at once. Throws InvalidSnapshot.NotFound and InvalidAMIName.Duplicate. */
export function registerImage(account: Account, input: RegisterImageInput): { readonly imageId: string } {
  const { name, snapshotId, architecture, rootDeviceName, tags } = input;
  const snapshot = account.snapshots.all().find((one) => one.snapshotId === snapshotId);
  if (snapshot === undefined) throw ec2Failure('InvalidSnapshot.NotFound', `The snapshot '${snapshotId}' does not exist.`);
  checkTags(tags);
  account.images.mustBeNew(name);
  const imageId = account.newId('ami');
  account.images.add({
    ...{ imageId, name, architecture, rootDeviceName, tags, state: 'available' },
    rootSizeGb: snapshot.sizeGb,
    creationDate: new Date(account.clock.now()).toISOString(),
    snapshots: [{ snapshotId, sizeGb: snapshot.sizeGb }],
  });
  return { imageId };
}
