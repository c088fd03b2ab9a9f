import type { DescribeSnapshotsInput, Ec2Snapshot } from '../ports/ec2-storage-api.js';
import { ec2Failure } from './failures.js';
import { snapshotFilter } from './filters.js';

/** The account's EBS snapshots. */
export class Snapshots {
  readonly #byId = new Map<string, Ec2Snapshot>();

  put(snapshot: Ec2Snapshot): void {
    this.#byId.set(snapshot.snapshotId, snapshot);
  }

  all(): readonly Ec2Snapshot[] {
    return [...this.#byId.values()];
  }

  describe({ filters }: DescribeSnapshotsInput): readonly Ec2Snapshot[] {
    return this.all().filter(snapshotFilter(filters));
  }

  /** Throws InvalidSnapshot.NotFound. */
  require(id: string): Ec2Snapshot {
    const snapshot = this.#byId.get(id);
    if (snapshot !== undefined) return snapshot;
    throw ec2Failure('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`);
  }

  /** Throws InvalidSnapshot.NotFound. */
  remove(id: string): void {
    this.require(id);
    this.#byId.delete(id);
  }
}
