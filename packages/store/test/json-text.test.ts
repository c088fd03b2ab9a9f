import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toJsonText } from '../src/json-text.js';

describe('JSON for PostgreSQL', () => {
  it.each([
    ['a NUL character', 'a\0b', 'a\ufffdb'],
    ['half of a surrogate pair', 'a\ud83dz', 'a\ufffdz'],
    ['the other half', '\ude00', '\ufffd'],
    ['a whole pair', '\u{1f600}', '\u{1f600}'],
    ['an escape somebody wrote out', '\\u0000', '\\u0000'],
    ['a backslash before a NUL', '\\\0', '\\\ufffd'],
  ])('%s', (_, value, wanted) => {
    expect(JSON.parse(toJsonText({ value }))).toEqual({ value: wanted });
  });

  it('changes nothing else, in keys and values of any depth', () => {
    const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.dictionary(text, fc.array(text)), (value) => {
        expect(toJsonText(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('never lets through what PostgreSQL refuses', () => {
    const text = fc.string({ unit: fc.constantFrom('\0', '\\', 'u0000', '\ud800', '\udfff', 'x', '"') });
    fc.assert(
      fc.property(text, (value) => {
        const read = JSON.parse(toJsonText(value)) as string;
        expect(read).not.toMatch(/\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
      }),
    );
  });

  it('throws for what JSON has no form for', () => {
    expect(() => toJsonText({ n: 1n })).toThrow(TypeError);
  });
});
