import type { ApiDatabase } from '@burstcell/store';
import type { Log } from '../../log.js';

/** Instances that could not be tidied are remembered up to this many; heal names them all again. */
const REMEMBERED = 10_000;

/**
 * Removes what the parent's API database keeps of a boot (Newton to Rocky): no message does it, and
 * until then `nova list` shows BUILD. A failure costs nobody anything but that: it is tried again.
 */
export class ApiDatabaseTidier {
  private readonly left = new Set<string>();

  /** `database` null: the release has no such rows, or no URL was given. */
  constructor(
    private readonly database: ApiDatabase | null,
    private readonly log: Log,
  ) {}

  /** Never rejects. */
  async tidy(uuids: readonly string[]): Promise<void> {
    if (this.database === null || (uuids.length === 0 && this.left.size === 0)) return;
    const all = [...new Set([...this.left, ...uuids])];
    try {
      await this.database.tidy(all);
      for (const uuid of all) this.left.delete(uuid);
    } catch (error) {
      this.log.warn(
        { instances: all.length, err: error },
        'the API database could not be tidied; "nova list" shows BUILD until it is',
      );
      for (const uuid of all.slice(0, REMEMBERED)) this.left.add(uuid);
    }
  }

  /** Makes the mappings that a boot at the parent would have made. Never rejects; false when that is to be tried again. */
  async map(instances: Parameters<ApiDatabase['map']>[0]): Promise<boolean> {
    try {
      await this.database?.map(instances);
      return true;
    } catch (error) {
      this.log.warn({ err: error }, 'an adopted instance could not be mapped in the API database; it is tried again');
      return false;
    }
  }

  async close(): Promise<void> {
    await this.database?.close();
  }
}
