import type { JsonValue } from './json/json.js';

const ISO = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d+))?(Z|[+-]\d{2}:?\d{2})?$/;
const MILLISECOND_DIGITS = 3;

/** `2014-06-01T12:01:00.000000`: six digits, no zone. In dicts any other form loses the whole update (Havana on). */
export function formatDictTime(time: Date): string {
  return `${time.toISOString().slice(0, -1)}000`;
}

/** `2014-06-01T12:01:00Z`: what versioned objects carry. */
export function formatObjectTime(time: Date): string {
  return `${time.toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)}Z`;
}

/** Reads any ISO 8601 time a release writes; a missing zone is UTC. Null where it is none. */
export function parseTime(value: JsonValue | undefined): Date | null {
  const match = typeof value === 'string' ? ISO.exec(value) : null;
  if (!match) return null;
  const [, day, clock, fraction = '', zone = 'Z'] = match;
  const milliseconds = fraction.slice(0, MILLISECOND_DIGITS).padEnd(MILLISECOND_DIGITS, '0');
  const time = new Date(`${day}T${clock}.${milliseconds}${zone}`);
  return Number.isNaN(time.getTime()) ? null : time;
}
