import { describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl, postgresUrl } from '../src/url.js';

describe('a database URL', () => {
  it.each([
    ['postgresql://u:p@h:5432/d', 'postgresql', 'postgresql://u:p@h:5432/d'],
    ['postgres://h/d', 'postgresql', 'postgresql://h/d'],
    ['postgresql+psycopg2://u:p%40@h/d?client_encoding=utf8', 'postgresql', 'postgresql://u:p%40@h/d'],
    ['postgresql://h/d?client_encoding=utf8&sslmode=require', 'postgresql', 'postgresql://h/d?sslmode=require'],
    ['mysql+pymysql://root:@h/nova_api?charset=utf8', 'mysql', 'mysql://root:@h/nova_api'],
    ['mariadb://h/d', 'mysql', 'mysql://h/d'],
  ])('%s is understood', (text, dialect, url) => {
    expect(parseDatabaseUrl(text)).toEqual({ dialect, url });
  });

  it.each(['', 'sqlite:////var/lib/x.sqlite', 'h:5432/d', 'javascript:alert(1)'])('%j is refused', (text) => {
    expect(() => parseDatabaseUrl(text)).toThrow(expect.objectContaining({ kind: 'bad-value' }));
  });

  it('of MySQL is refused for the cell’s own database', () => {
    expect(() => postgresUrl('mysql://h/d')).toThrow(/must be PostgreSQL/);
  });
});
