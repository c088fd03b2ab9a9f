import { describe, expect, it } from '@jest/globals';
import { parseIni } from '../../src/config/ini.js';

const read = (text: string) => parseIni(text, 'nova.conf').map(({ group, key, value, line }) => [group, key, value, line]);

describe('an oslo.config file', () => {
  it('keeps # ; = and : inside a value, for only whole lines are comments', () => {
    const text = '[DEFAULT]\n# a comment\n; another\ntransport_url = rabbit://nova:p#s;s=w@h:5672/v\n';

    expect(read(text)).toEqual([['DEFAULT', 'transport_url', 'rabbit://nova:p#s;s=w@h:5672/v', 4]]);
  });

  it('ends a key at the first = or :', () => {
    expect(read('[a]\nx: 1 = 2\ny=http://h:1')).toEqual([
      ['a', 'x', '1 = 2', 2],
      ['a', 'y', 'http://h:1', 3],
    ]);
  });

  it('continues a value on indented lines, even ones that look like comments', () => {
    expect(read('[a]\nx = 1,\n  2,\n\t# 3\ny = 4')).toEqual([
      ['a', 'x', '1,\n2,\n# 3', 2],
      ['a', 'y', '4', 5],
    ]);
  });

  it('keeps repeated keys and sections with dots, and takes an equal pair of quotes off', () => {
    expect(read(`[cors.subdomain]\nx = "a b"\nx = 'c\n[b]\nx =`)).toEqual([
      ['cors.subdomain', 'x', 'a b', 2],
      ['cors.subdomain', 'x', `'c`, 3],
      ['b', 'x', '', 5],
    ]);
  });

  it('reads files with a byte order mark and carriage returns', () => {
    expect(read('\uFEFF[a]\r\nx = 1\r\n')).toEqual([['a', 'x', '1', 2]]);
  });

  it.each([
    ['[a]\nnonsense', 'nova.conf:2: neither a section, a comment nor key = value'],
    ['[a]\n= 1', 'nova.conf:2: neither a section, a comment nor key = value'],
    ['x = 1', 'nova.conf:1: x stands before the first section'],
    ['[a\nx = 1', 'nova.conf:1: a section is written [name]'],
    ['[a] # note', 'nova.conf:1: a section is written [name]'],
    ['[a]\n\n  x = 1', 'nova.conf:3: an indented line continues nothing'],
  ])('names file and line of a line it cannot read: %j', (text, message) => {
    expect(() => parseIni(text, 'nova.conf')).toThrow(message);
  });
});
