/** One prepared statement of a transaction. */
export interface Statement {
  /** Names it on the server; one name, one text. At most 63 bytes. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  /** Wakes the workers of that sort, here and in other replicas, if it touched a row. */
  readonly wakes?: WorkSort;
  /** Whether other replicas hear of it is its own business; otherwise the batch tells them. */
  readonly notifies?: boolean;
}

/** What workers wait for. */
export type WorkSort = 'operations' | 'outbox';
