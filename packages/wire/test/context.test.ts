import { describe, expect, it } from '@jest/globals';
import {
  adminContext,
  checkContext,
  contextAgeMs,
  dialectOf,
  flattenContext,
  formatDictTime,
  formatObjectTime,
  parseTime,
  RELEASES,
} from '../src/index.js';
import { CAPTURED_RELEASES, capturedMessages } from './captured.js';

const NOW = new Date('2026-05-06T07:08:09.123Z');

describe('our own context', () => {
  it.each(CAPTURED_RELEASES)('has the keys that a %s cell sends', (release) => {
    const theirs =
      capturedMessages(release).find(({ message }) => message.methodName === 'update_capacities')?.message.ctxt ?? {};

    expect(Object.keys(adminContext(dialectOf(release))).sort()).toEqual(Object.keys(theirs).sort());
  });

  it.each(RELEASES)('is admin and valid for a %s parent', (release) => {
    const context = adminContext(dialectOf(release), { now: NOW });

    expect(() => checkContext(context)).not.toThrow();
    expect(context).toMatchObject({
      is_admin: true,
      user_id: null,
      project_id: null,
      read_deleted: 'no',
      timestamp: '2026-05-06T07:08:09.123000',
    });
    expect(context.request_id).toMatch(/^req-[0-9a-f-]{36}$/);
  });
});

describe('the flattened context', () => {
  it('prefixes every key', () => {
    expect(flattenContext({ user_id: 'u', project_id: 'p', roles: ['x'] }, NOW)).toMatchObject({
      _context_user_id: 'u',
      _context_roles: ['x'],
    });
  });

  it('is made valid where the context is not, since a strict parent loses the message otherwise', () => {
    expect(flattenContext({ read_deleted: 'perhaps', timestamp: '2026-01-01T00:00:00Z' }, NOW)).toEqual({
      _context_user_id: null,
      _context_project_id: null,
      _context_read_deleted: 'no',
      _context_timestamp: '2026-01-01T00:00:00.000000',
    });
  });
});

describe('a received context', () => {
  it.each([
    [{ read_deleted: 'maybe' }, 'read_deleted'],
    [{ timestamp: '2026-01-01T00:00:00' }, 'timestamp'],
    [{ timestamp: '2026-01-01T00:00:00.000Z' }, 'timestamp'],
    [{ timestamp: '2026-13-01T00:00:00.0' }, 'timestamp'],
    [{ timestamp: 7 }, 'timestamp'],
    [{ user_id: 7 }, 'user_id'],
    [{ roles: 'admin' }, 'roles'],
  ])('%j is refused, naming %s', (context, key) => {
    expect(() => checkContext(context)).toThrow(
      expect.objectContaining({ kind: 'bad-context', message: expect.stringContaining(key) }),
    );
  });

  it('tells its age by its own clock, and none where it has no time', () => {
    expect(contextAgeMs({ timestamp: '2026-05-06T07:08:08.123000' }, NOW)).toBe(1_000);
    expect(contextAgeMs({}, NOW)).toBeNull();
  });
});

describe('times', () => {
  it('have six digits and no zone in dicts, seconds and Z in objects', () => {
    expect(formatDictTime(NOW)).toBe('2026-05-06T07:08:09.123000');
    expect(formatObjectTime(NOW)).toBe('2026-05-06T07:08:09Z');
  });

  it.each([
    ['2026-05-06T07:08:09.123000', NOW],
    ['2026-05-06 07:08:09.123456', NOW],
    ['2026-05-06T09:08:09.123+02:00', NOW],
    ['2026-05-06T07:08:09Z', new Date('2026-05-06T07:08:09Z')],
    ['yesterday', null],
    [7, null],
  ])('%s is read', (text, time) => {
    expect(parseTime(text)).toEqual(time);
  });
});
