import type { JsonValue } from '../json/json.js';

/** A field of a received object: JSON in which nested objects are decoded too. */
export type NovaField = null | boolean | number | bigint | string | NovaObject | NovaField[] | { [key: string]: NovaField };

/** Any versioned object that came over the wire. Objects are data: there is no class per object. */
export class NovaObject {
  constructor(
    readonly name: string,
    readonly version: string,
    /** Only the fields that were set; fields we do not know are kept. */
    readonly data: Readonly<Record<string, NovaField>>,
    readonly changes: readonly string[],
  ) {}

  /** A field's value, undefined where it was not set. */
  get(field: string): NovaField | undefined {
    return Object.hasOwn(this.data, field) ? this.data[field] : undefined;
  }
}

/** What a field may be given as when an object is written. */
export type FieldInput = JsonValue | Date | ObjectInput | readonly FieldInput[] | undefined;

/** An object to be written: the release's table gives its version and says how each field is spelled. */
export class ObjectInput {
  constructor(
    readonly name: string,
    readonly fields: Readonly<Record<string, FieldInput>>,
    /** Names for `nova_object.changes`; each must be among the fields. */
    readonly changes: readonly string[] = [],
  ) {}
}
