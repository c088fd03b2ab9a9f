import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tidyOutput } from '../lib/build.mjs';
import { withLock } from '../lib/lock.mjs';
import { checkNode, whatIsMissing } from '../lib/packages.mjs';

describe('the set-up', () => {
  let folder;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'burstcell-set-up-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const put = (path, text = '') => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const lock = (path, packages) => put(path, JSON.stringify({ packages }));
  const has = (path) => existsSync(join(folder, path));

  it.each([
    ['20.18.9', true],
    ['18.20.0', true],
    ['20.19.0', false],
    ['22.1.0', false],
  ])('takes Node %s for too old: %s', (version, isTooOld) => {
    if (isTooOld) expect(() => checkNode(version)).toThrow(`Node ${version} is too old`);
    else expect(() => checkNode(version)).not.toThrow();
  });

  it('installs when nothing is installed, or not what the lock file says; whatever the times of the files', () => {
    lock('package-lock.json', {
      '': {},
      'packages/wire': { version: '0.1.0' },
      'node_modules/@burstcell/wire': { link: true },
      'node_modules/pg': { version: '8.0.0' },
      'node_modules/only-elsewhere': { version: '1.0.0', optional: true },
    });
    expect(whatIsMissing(folder)).toBe('node_modules is missing');

    lock('node_modules/.package-lock.json', { 'node_modules/pg': { version: '7.0.0' } });
    expect(whatIsMissing(folder)).toBe('pg is not as locked');

    lock('node_modules/.package-lock.json', { 'node_modules/pg': { version: '8.0.0' } });
    expect(whatIsMissing(folder)).toBeUndefined();
  });

  it('removes compiled files whose source is gone, and only those', () => {
    for (const path of ['src/a.ts', 'test/a.test.ts', 'dist/.tsbuildinfo']) put(path);
    for (const stem of ['src/a', 'test/a.test', 'src/gone', 'test/gone.test']) {
      for (const suffix of ['.js', '.js.map', '.d.ts']) put(`dist/${stem}${suffix}`);
    }
    put('dist/src/data.json');

    tidyOutput(folder);

    expect(
      ['src/gone.js', 'src/gone.js.map', 'src/gone.d.ts', 'test/gone.test.js'].filter((path) => has(`dist/${path}`)),
    ).toEqual([]);
    expect(
      ['src/a.js', 'src/a.d.ts', 'test/a.test.js', 'src/data.json', '.tsbuildinfo'].filter((path) => !has(`dist/${path}`)),
    ).toEqual([]);
  });

  it('forgets what the compiler remembers when a compiled file is missing: it would not make it again', () => {
    for (const path of ['src/a.ts', 'dist/.tsbuildinfo']) put(path);

    tidyOutput(folder);

    expect(has('dist/.tsbuildinfo')).toBe(false);
  });

  it('is done by one run at a time', async () => {
    const path = join(folder, 'setup.lock');
    const order = [];
    let release;
    const gate = new Promise((done) => {
      release = done;
    });

    const first = withLock(path, async () => {
      order.push('first begins');
      await gate;
      order.push('first ends');
    });
    const second = withLock(path, () => order.push('second'));
    release();
    await Promise.all([first, second]);

    expect(order).toEqual(['first begins', 'first ends', 'second']);
    expect(has('setup.lock')).toBe(false);
  });

  it('takes over the lock of a run that died', async () => {
    put('setup.lock/holder.json', JSON.stringify({ pid: process.pid, start: '0' }));

    await withLock(join(folder, 'setup.lock'), () => {
      expect(JSON.parse(readFileSync(join(folder, 'setup.lock/holder.json'), 'utf8')).start).not.toBe('0');
    });
  });
});
