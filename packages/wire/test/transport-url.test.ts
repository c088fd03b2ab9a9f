import { describe, expect, it } from '@jest/globals';
import { formatTransportUrl, parseTransportUrl, redactTransportUrl, WireError } from '../src/index.js';

const host = (hostname: string, port = 5672, username = 'guest', password = 'guest') => ({ hostname, port, username, password });

describe('a transport URL', () => {
  it.each([
    ['rabbit://u:p@10.0.0.1:5673/cell1', [host('10.0.0.1', 5673, 'u', 'p')], 'cell1'],
    ['rabbit://u:p@h1:5672,u:p@h2:5672/v', [host('h1', 5672, 'u', 'p'), host('h2', 5672, 'u', 'p')], 'v'],
    ['rabbit://u:p@h1,h2:5673/v', [host('h1', 5672, 'u', 'p'), host('h2', 5673, 'u', 'p')], 'v'],
    ['rabbit://u:p@h:5672,u:p@h:5672/v', [host('h', 5672, 'u', 'p')], 'v'],
    ['rabbit://h,h/v', [host('h')], 'v'],
    ['rabbit://u:p@[2001:db8::1]:5672/v', [host('2001:db8::1', 5672, 'u', 'p')], 'v'],
    ['rabbit://u%40x:p%2Fq%3A%2C@h/a%2Fb', [host('h', 5672, 'u@x', 'p/q:,')], 'a/b'],
    ['rabbit://u:a/b@h/v', [host('h', 5672, 'u', 'a/b')], 'v'],
    ['rabbit://u:p@h', [host('h', 5672, 'u', 'p')], '/'],
    ['rabbit://u:p@h/', [host('h', 5672, 'u', 'p')], '/'],
    ['rabbit://u:p@h//', [host('h', 5672, 'u', 'p')], '/'],
    ['rabbit:///', [host('localhost')], '/'],
    ['amqps://h/v', [host('h', 5671)], 'v'],
    ['kombu+memory://h/v', null, null],
    ['amqp://u@h/v', [host('h', 5672, 'u', '')], 'v'],
  ])('%s is read', (url, hosts, virtualHost) => {
    if (hosts === null) expect(() => parseTransportUrl(url)).toThrow(WireError);
    else expect(parseTransportUrl(url)).toMatchObject({ hosts, virtualHost });
  });

  it('keeps its query', () => {
    expect(parseTransportUrl('rabbit://h/v?ssl=1&x=a%20b').query).toEqual({ ssl: '1', x: 'a b' });
  });

  it.each([
    '',
    'h:5672',
    'http://h/',
    'rabbit://u:p@h:0/',
    'rabbit://u:p@h:99999/',
    'rabbit://u:secret%zz@h/',
    'rabbit://u:secret@::1/v',
  ])('refuses %j without telling the password', (url) => {
    const attempt = (): unknown => parseTransportUrl(url);

    expect(attempt).toThrow(WireError);
    expect(attempt).not.toThrow(/secret/);
  });

  it.each(['rabbit://u%40x:p%2Fq@h1:5672,v:w@[::1]:5673/a%2Fb?ssl=1', 'rabbit://u:p@h:5672//'])(
    '%s is written as it was read',
    (url) => {
      expect(formatTransportUrl(parseTransportUrl(url))).toBe(url);
    },
  );

  it('shows no password when it is to be shown', () => {
    expect(redactTransportUrl(parseTransportUrl('rabbit://u:p@h1,x:y@h2/v'))).toBe('rabbit://u:***@h1:5672,x:***@h2:5672/v');
  });
});
