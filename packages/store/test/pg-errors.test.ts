import { describe, expect, it } from '@jest/globals';
import { StoreError } from '../src/index.js';
import { toStoreError, troubleOf } from '../src/pg-errors.js';

const coded = (code: string) => Object.assign(new Error(code), { code });

describe('an error of the driver', () => {
  it.each([
    ['22003', 'bad-value'], // number out of range
    ['22P05', 'bad-value'], // NUL in text
    ['23502', 'bad-value'], // not null
    ['40P01', 'contention'], // deadlock
    ['40001', 'contention'], // serialization
    ['25P02', 'aftermath'], // in a failed transaction
    ['25006', 'unavailable'], // a standby
    ['57P01', 'unavailable'], // shut down
    ['53300', 'unavailable'], // too many connections
    ['28P01', 'unavailable'], // wrong password
    ['3D000', 'unavailable'], // no such database
    ['42601', 'bug'], // syntax
    ['ECONNREFUSED', 'unavailable'],
    ['EPIPE', 'unavailable'],
  ])('%s is %s', (code, trouble) => {
    expect(troubleOf(coded(code))).toBe(trouble);
  });

  it('without a code comes from the connection', () => {
    expect(troubleOf(new Error('Connection terminated unexpectedly'))).toBe('unavailable');
  });

  it('becomes a StoreError with its cause, unless the fault is ours', () => {
    const cause = coded('57P01');

    expect(toStoreError(cause)).toMatchObject({ kind: 'unavailable', cause });
    expect(toStoreError(coded('22003'))).toMatchObject({ kind: 'bad-value' });
    expect(toStoreError(coded('42601'))).not.toBeInstanceOf(StoreError);
    const own = new StoreError('exists', 'there');
    expect(toStoreError(own)).toBe(own);
  });
});
