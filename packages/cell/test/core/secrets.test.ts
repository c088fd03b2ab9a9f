import { describe, expect, it } from '@jest/globals';
import { Secrets } from '../../src/secrets.js';

describe('a sealed secret', () => {
  it('is opened by every replica of the same configuration', () => {
    const sealed = new Secrets('rabbit://nova:p@h/').seal('new password é');

    expect(new Secrets('rabbit://nova:p@h/').open(sealed)).toBe('new password é');
  });

  it('shows nothing, and looks different each time', () => {
    const secrets = new Secrets('configuration');

    expect(secrets.seal('hunter2')).not.toContain('hunter2');
    expect(secrets.seal('hunter2')).not.toBe(secrets.seal('hunter2'));
  });

  it('stays closed to another configuration, and when it was tampered with', () => {
    const sealed = new Secrets('one').seal('hunter2');

    expect(new Secrets('other').open(sealed)).toBeNull();
    expect(new Secrets('one').open(`${sealed.slice(0, -4)}AAAA`)).toBeNull();
    expect(new Secrets('one').open(null)).toBeNull();
  });
});
