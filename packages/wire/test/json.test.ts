import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JsonError, type JsonValue, parseJson, stringifyJson } from '../src/index.js';

describe('reading JSON', () => {
  it.each([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['[1, NaN, {"a": -Infinity}]', [1, Number.NaN, { a: Number.NEGATIVE_INFINITY }]],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['-18446744073709551616', -18446744073709551616n],
    ['1234567890123456.5', 1234567890123456.5],
    ['{"a": null, "b": NaN}', { a: null, b: Number.NaN }],
    ['{"NaN": "NaN and 12345678901234567890"}', { NaN: 'NaN and 12345678901234567890' }],
    ['{"a": 1, "a": 2}', { a: 2 }],
    ['{"a": NaN, "a": 2}', { a: 2 }],
    [' [ ] ', []],
    ['"\\u00e9\\n\\ud83d\\ude00"', 'é\n😀'],
  ])('%s loses nothing', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  it.each([
    '',
    '{',
    '[1,]',
    '{"a" 1}',
    '{a: 1}',
    '"abc',
    '"\\x"',
    '"a\nb"',
    'nul',
    '01',
    '1.',
    '[1 2]',
    '{} {}',
    'undefined',
    '+1',
    '[NaN',
    '-',
  ])('refuses %j', (text) => {
    expect(() => parseJson(text)).toThrow(JsonError);
  });

  it('says where a text is wrong without quoting it', () => {
    expect(() => parseJson('{"password": "s3cret" oops}')).toThrow(/^not JSON: a comma or } is expected at character 22 of 27$/);
  });

  it.each(['[', '{"a":'])('refuses 100,000 levels of %s instead of overflowing the stack', (open) => {
    expect(() => parseJson(open.repeat(100_000))).toThrow(/nested deeper than 200/);
    expect(() => parseJson(`[NaN,${open.repeat(100_000)}`)).toThrow(/nested deeper than 200/);
  });

  it('reads as deep as it is told', () => {
    const text = `${'['.repeat(50)}${']'.repeat(50)}`;

    expect(() => parseJson(text, { maxDepth: 49 })).toThrow(JsonError);
    expect(() => parseJson(text, { maxDepth: 50 })).not.toThrow();
  });

  it('takes __proto__ for a key like any other', () => {
    for (const text of ['{"__proto__": {"admin": true}}', '{"__proto__": {"admin": true}, "n": NaN}']) {
      const value = parseJson(text) as { admin?: boolean };

      expect(value.admin).toBeUndefined();
      expect(Object.hasOwn(value, '__proto__')).toBe(true);
      expect(({} as { admin?: boolean }).admin).toBeUndefined();
    }
  });

  it('refuses an integer of a million digits without converting it', () => {
    expect(() => parseJson('1'.repeat(1_000_000))).toThrow(/an integer of 1000000 digits/);
  });

  it('reads a buffer as UTF-8', () => {
    expect(parseJson(Buffer.from('{"name": "Zoë"}'))).toEqual({ name: 'Zoë' });
  });
});

describe('writing JSON', () => {
  it('writes what Python reads and JavaScript does not', () => {
    expect(stringifyJson({ big: 2n ** 64n, nan: Number.NaN, down: [Number.NEGATIVE_INFINITY] })).toBe(
      '{"big":18446744073709551616,"nan":NaN,"down":[-Infinity]}',
    );
  });

  it('writes a float as one, however large', () => {
    expect(parseJson('[1e17, 100000000000000000]')).toEqual([1e17, 100000000000000000n]);
    expect(stringifyJson([1e17, 100000000000000000n, -32240894393053112])).toBe(
      '[1e+17,100000000000000000,-3.224089439305311e+16]',
    );
  });

  it('writes ASCII only when asked', () => {
    expect(stringifyJson({ név: 'ő😀' }, { ascii: true })).toBe('{"n\\u00e9v":"\\u0151\\ud83d\\ude00"}');
  });

  it('refuses what nests too deep to be written', () => {
    let value: JsonValue = null;
    for (let level = 0; level < 5_000; level += 1) value = [value];

    expect(() => stringifyJson(value)).toThrow(JsonError);
  });

  it('is read back as it was, whatever it is', () => {
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'xsmall', maxDepth: 4 },
        fc.constantFrom(null, true, false, Number.NaN, Number.POSITIVE_INFINITY),
        fc.double({ noNaN: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
        fc.bigInt().filter((integer) => !Number.isSafeInteger(Number(integer))),
        fc.string({ unit: 'binary' }),
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value')) as fc.Arbitrary<JsonValue>,
      ),
    }));
    fc.assert(
      fc.property(value, fc.boolean(), (any, ascii) => {
        expect(parseJson(stringifyJson(any, { ascii }))).toEqual(any);
      }),
    );
  });

  it('agrees with the engine on everything the engine reads', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const ours = JSON.stringify(parseJson(text), (_key, any: unknown) => (typeof any === 'bigint' ? Number(any) : any));
        expect(ours).toEqual(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
});
