import type { Ec2Tags } from '../ports/ec2-api.js';
import { ec2Failure } from './failures.js';
import type { Filters } from './filters.js';

/**
 * The parameters of a Query request. Lists are numbered from 1 without gaps (`InstanceId.1`),
 * so are structures (`Filter.1.Name`, `Filter.1.Value.1`), as the SDK writes them.
 */
export class Query {
  private constructor(
    private readonly values: ReadonlyMap<string, string>,
    private readonly prefix = '',
  ) {}

  /** Reads a form body. */
  static parse(body: string): Query {
    return new Query(new Map(new URLSearchParams(body)));
  }

  get(name: string): string | undefined {
    return this.values.get(this.prefix + name);
  }

  /** Throws MissingParameter. */
  require(name: string): string {
    const value = this.get(name);
    if (value === undefined) throw ec2Failure('MissingParameter', `The request must contain the parameter ${name}`);
    return value;
  }

  /** Throws InvalidParameterValue for what is no whole number. */
  integer(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,9}$/.test(value))
      throw ec2Failure('InvalidParameterValue', `Value (${value}) for parameter ${name} is invalid.`);
    return Number(value);
  }

  isTrue(name: string): boolean {
    return this.get(name) === 'true';
  }

  list(name: string): readonly string[] {
    const found: string[] = [];
    for (let value = this.get(`${name}.1`); value !== undefined; value = this.get(`${name}.${found.length + 1}`))
      found.push(value);
    return found;
  }

  /** The structures of a numbered list. */
  structures(name: string): readonly Query[] {
    const found: Query[] = [];
    for (let next = this.under(`${name}.1`); !next.isEmpty(); next = this.under(`${name}.${found.length + 1}`)) found.push(next);
    return found;
  }

  /** A structure inside this one; empty when it was not sent. */
  under(name: string): Query {
    return new Query(this.values, `${this.prefix}${name}.`);
  }

  isEmpty(): boolean {
    for (const name of this.values.keys()) if (name.startsWith(this.prefix)) return false;
    return true;
  }

  /** As sent, free to be changed. */
  toForm(): URLSearchParams {
    return new URLSearchParams([...this.values]);
  }

  /** All as sent, in an order that does not depend on how it was sent, without what names the call. */
  canonical(): string {
    const skipped = ['Action', 'Version'];
    return JSON.stringify([...this.values].filter(([name]) => !skipped.includes(name)).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

export function readFilters(query: Query): Filters {
  return Object.fromEntries(query.structures('Filter').map((filter) => [filter.require('Name'), filter.list('Value')]));
}

/** The tags of the first tag specification for one of these kinds of resource. */
export function readTags(query: Query, resourceType: string): Ec2Tags {
  const specification = query.structures('TagSpecification').find((candidate) => candidate.get('ResourceType') === resourceType);
  const tags = specification?.structures('Tag') ?? [];
  return Object.fromEntries(tags.map((tag) => [tag.require('Key'), tag.get('Value') ?? '']));
}
