import { request } from 'node:http';
import { describe, expect, it, jest } from '@jest/globals';
import type { GatewayBed } from './bed.js';
import { Beds } from './beds.js';

const here = Beds.ofThisFile();
const { aBed } = here;

async function textOf(url: string): Promise<string> {
  const response = await fetch(url);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  return response.text();
}

const viewsOn = (page: string) => /data-views="([^"]*)"/.exec(page)?.[1];

describe('the page of a console', () => {
  it('names the server and its state, and what a token of its kind opens', async () => {
    const bed = await aBed();
    const uuid = await bed.instance();

    const ofScreen = await textOf(await bed.pageUrl(uuid));

    expect(ofScreen).toContain('<h1 id="name">web</h1>');
    expect(ofScreen).toContain('<span id="state">active</span>');
    expect(viewsOn(ofScreen)).toBe('screen terminal');
    expect(viewsOn(await textOf(await bed.pageUrl(uuid, 'serial')))).toBe('terminal');
  });

  it('offers only what the provider can', async () => {
    const [noSerial, noScreen] = [await aBed({}, ['openSerial']), await aBed({}, ['screenshot'])];
    const uuid = await noSerial.instance();

    expect(viewsOn(await textOf(await noSerial.pageUrl(uuid)))).toBe('screen');
    expect(viewsOn(await textOf(await noScreen.pageUrl(uuid)))).toBe('terminal');
    expect(await textOf(await noSerial.pageUrl(uuid, 'serial'))).toContain('has no such console');
  });

  it('shows names as they are, whatever is in them', async () => {
    const bed = await aBed();
    const uuid = await bed.instance();
    const { views } = here.world.store.instances;
    const named = jest.spyOn(here.world.store.instances, 'views').mockImplementation(async (uuids) => {
      const [view] = (await views(uuids)).values();
      return new Map(view && [[uuid, { ...view, display_name: `<script>alert('"&')</script>` }]]);
    });

    const page = await textOf(await bed.pageUrl(uuid));
    named.mockRestore();

    expect(page).toContain('&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;');
    expect(page).not.toContain('<script>alert');
  });

  it('is made of files that are all there, wherever a proxy put it', async () => {
    const bed = await aBed();
    const page = await textOf(await bed.pageUrl(await bed.instance()));
    const named = [...page.matchAll(/(?:href|src)="(\?asset=[^"]+)"/g)].map(([, query]) => query);
    const fromScript = ['?asset=xterm.js', '?asset=xterm.css', '?asset=addon-fit.js'];

    expect(named).toEqual(['?asset=console.css', '?asset=console.js']);
    for (const path of ['', 'serial', 'serial/']) {
      for (const query of [...named, ...fromScript]) {
        const response = await fetch(`${bed.httpUrl}${path}${query}`);
        expect([query, response.status]).toEqual([query, 200]);
        expect(response.headers.get('content-type')).toMatch(/^text\/(css|javascript); charset=utf-8$/);
        expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
      }
    }
  });

  it('runs nothing that stands in it, is kept nowhere, tells nobody its URL and is in no frame', async () => {
    const bed = await aBed();
    const urls = [await bed.pageUrl(await bed.instance()), bed.httpUrl, `${bed.httpUrl}?asset=console.js`, `${bed.httpUrl}none`];

    for (const url of urls) {
      const { headers } = await fetch(url);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self';");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('content-security-policy')).not.toContain('eval');
    }
  });

  it('is in the frames of sites that the operator named', async () => {
    const bed = await aBed({ frameAncestors: ['https://horizon.test', 'https://other.test:8443'] });

    const { headers } = await fetch(bed.httpUrl);

    expect(headers.get('content-security-policy')).toContain('frame-ancestors https://horizon.test https://other.test:8443');
    expect(headers.has('x-frame-options')).toBe(false);
  });
});

describe('the page of a console is refused', () => {
  it('without a token that is known, in a page that says what to do, and the log does not tell the token', async () => {
    const bed = await aBed();

    for (const query of ['', '?token=', '?token=made-up-token', '?token=made-up-token&token=other']) {
      const response = await fetch(`${bed.httpUrl}${query}`);
      expect(response.status).toBe(403);
      expect(await response.text()).toContain('unknown or has expired; ask for a new one');
    }
    expect(bed.lines.texts.join()).toContain('console page refused');
    expect(bed.lines.texts.join()).not.toContain('made-up-token');
  });

  it('with a token that has expired, or whose server is deleted', async () => {
    const [expired, lasting] = [await aBed({ tokenTtlMs: -5_000 }), await aBed()];
    const uuid = await lasting.instance();
    const url = await lasting.pageUrl(uuid);
    expect((await fetch(url)).status).toBe(200);

    expect((await fetch(await expired.pageUrl(uuid))).status).toBe(403);
    await here.world.perform(uuid, 'delete');
    expect((await fetch(url)).status).toBe(403);
  });

  it('at any path but its own, and for files that are none of its own', async () => {
    const bed = await aBed();
    const url = await bed.pageUrl(await bed.instance());

    for (const wrong of [url.replace('/serial?', '/serial/more?'), url.replace('/serial?', '/index.html?')]) {
      expect((await fetch(wrong)).status).toBe(404);
    }
    for (const name of ['', 'toString', '../package.json', 'console.html', '__proto__']) {
      expect((await fetch(`${bed.httpUrl}?asset=${name}`)).status).toBe(404);
    }
    expect(await statusOf(bed, '//serial')).toBe(404);
    expect(await statusOf(bed, 'http://elsewhere.test/')).toBe(404);
  });

  it('to whoever wants more than to look', async () => {
    const bed = await aBed();
    const url = await bed.pageUrl(await bed.instance());

    const posted = await fetch(url, { method: 'POST', body: 'x' });
    const asked = await fetch(url, { method: 'HEAD' });

    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect([asked.status, await asked.text()]).toEqual([200, '']);
  });

  it('while the database is away, and the log says why', async () => {
    const bed = await aBed();
    const url = await bed.pageUrl(await bed.instance());
    const away = jest.spyOn(here.world.store.consoleTokens, 'find').mockRejectedValue(new Error('the database is away'));

    const response = await fetch(url);
    away.mockRestore();

    expect(response.status).toBe(503);
    expect(await response.text()).toContain('try again later');
    expect(bed.lines.texts.join()).toContain('a console page failed');
  });
});

/** Of a request with exactly that target, which fetch would put right. */
function statusOf(bed: GatewayBed, path: string): Promise<number | undefined> {
  const { port } = new URL(bed.httpUrl);
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
