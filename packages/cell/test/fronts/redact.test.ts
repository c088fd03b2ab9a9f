import { describe, expect, it } from '@jest/globals';
import { redacted } from '../../src/fronts/cells-v1/redact.js';

/** The text as JSON text inside JSON text, `depth` times over. */
function nested(text: string, depth: number): string {
  return depth === 0 ? text : nested(JSON.stringify({ message: text }), depth - 1);
}

describe('what is kept of a rejected message', () => {
  it.each([0, 1, 2, 3])('holds no token or password, %i JSON texts deep', (depth) => {
    const message = JSON.stringify({ auth_token: 'tok-1', admin_password: 'pass "quoted"', display_name: 'web' });

    const kept = redacted(Buffer.from(nested(message, depth)));

    expect(kept).not.toContain('tok-1');
    expect(kept).not.toContain('pass ');
    expect(kept).toContain('web');
  });

  it('is cut', () => {
    expect(redacted(Buffer.alloc(1_000_000, 'x')).length).toBeLessThanOrEqual(8_192);
  });
});
