import { describe, expect, it } from '@jest/globals';
import type { Write } from '../src/index.js';
import { writeStatements } from '../src/writes/statements.js';
import { anInstance } from './support/builders.js';

const names = (...writes: Write[]) =>
  writeStatements([{ writes }], { reportGapMs: 0, origin: 'test' }).map((statement) => statement.name);

const addresses: Write = { write: 'set-network-info', uuid: 'u', networkInfo: [] };

describe('an instance whose addresses change', () => {
  it('is marked as changed first, since rows of instances are locked before those beside them', () => {
    expect(names(addresses)).toEqual(['touch-instances', 'set-network-info']);
  });

  it('is not written a second time where the unit writes its row anyway', () => {
    expect(names(addresses, { write: 'patch-instance', uuid: 'u', set: { vm_state: 'active' } })).not.toContain(
      'touch-instances',
    );
    expect(names(addresses, { write: 'delete-instance', uuid: 'u', at: new Date() })).not.toContain('touch-instances');
  });

  it('is marked though another instance is written, or nothing of its own', () => {
    expect(names(addresses, { write: 'patch-instance', uuid: 'v', set: { vm_state: 'active' } })).toContain('touch-instances');
    expect(names(addresses, { write: 'patch-instance', uuid: 'u', set: {} })).toContain('touch-instances');
  });

  it('is not marked by what is no news of it', () => {
    expect(names(anInstance(), { write: 'report', uuid: 'u', what: 'state', delayMs: 0 })).toEqual(['insert-instance', 'report']);
  });
});
