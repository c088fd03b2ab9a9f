import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { World } from '../operations/world.js';
import { GatewayBed } from './bed.js';
import { Browser, noBrowser } from './browser.js';

const NAME = 'the console page in a browser';

if (noBrowser === undefined) describe(NAME, look);
else {
  process.stderr.write(`SKIPPED ${NAME}: ${noBrowser}\n`);
  describe(NAME, () => it.skip(`skipped: ${noBrowser}`, () => undefined));
}

function look(): void {
  let world: World;
  let bed: GatewayBed;
  let browser: Browser;

  beforeAll(async () => {
    world = await World.make();
    bed = new GatewayBed(world);
    await bed.start();
    browser = await Browser.start();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await bed.gateway.stop();
    await world.close();
  });

  const textOf = (id: string) => browser.value(`document.getElementById('${id}').textContent`);
  const isHidden = (id: string) => browser.value(`document.getElementById('${id}').hidden`);

  /** Resolves once the page answers so; jest's own timeout ends a wait in vain. */
  async function until(expression: string): Promise<void> {
    while (!(await browser.value(`Boolean(${expression})`))) await new Promise(setImmediate);
  }

  it('shows the picture, the server’s name and state, and a terminal that echoes', async () => {
    await browser.open(await bed.pageUrl(await bed.instance()));

    await until("document.getElementById('picture')?.naturalWidth === 640");
    expect(await textOf('name')).toBe('web');
    expect(await textOf('state')).toBe('active');
    expect(await textOf('taken')).toMatch(/^Picture of \d/);
    expect(await browser.value('document.querySelectorAll("script").length')).toBe(1);

    await browser.click('#terminal-tab');
    await until("document.querySelector('.xterm-rows')?.textContent.includes('login:')");
    await browser.type('uname -a');
    await until("document.querySelector('.xterm-rows').textContent.includes('uname -a')");
    expect(await isHidden('screen')).toBe(true);
    expect(browser.complaints).toEqual([]);
  });

  it('asks for nothing while it is paused or out of sight, and at once when it is not', async () => {
    await browser.open(await bed.pageUrl(await bed.instance()));
    await until("document.getElementById('picture')?.naturalWidth === 640");
    const said = () => browser.value('String(window.said)');
    const hide = (isHidden: boolean) =>
      browser.value(`Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`);

    await browser.value(`window.said = []; const { send } = WebSocket.prototype;
      WebSocket.prototype.send = function (word) { window.said.push(word); send.call(this, word); };
      document.getElementById('pause').click()`);
    await hide(false);
    expect([await textOf('pause'), await said()]).toEqual(['Go on', '']);

    await hide(true);
    await browser.click('#pause');
    expect([await textOf('pause'), await said()]).toEqual(['Pause', '']);
    await hide(false);
    expect(await said()).toBe('look');
  });

  it('says why there is no picture, and brings one when the user asks again', async () => {
    const uuid = await bed.instance();
    await browser.open(await bed.pageUrl(uuid));
    await until("document.getElementById('picture')?.naturalWidth === 640");
    await world.perform(uuid, 'stop');

    await browser.click('#wake');
    await until("document.getElementById('screen-notice').textContent.includes('does not run')");
    expect(await browser.value("document.getElementById('picture').className")).toBe('old');
    expect(await textOf('state')).toBe('stopped');

    await world.perform(uuid, 'start');
    await browser.click('#wake');
    await until("document.getElementById('screen-notice').textContent === ''");
    expect(await browser.value("document.getElementById('picture').className")).toBe('');
  });

  it('is a terminal alone for the URL of a serial console', async () => {
    await browser.open(await bed.pageUrl(await bed.instance(), 'serial'));

    await until("document.querySelector('.xterm-rows')?.textContent.includes('login:')");
    expect(await isHidden('tabs')).toBe(true);
    expect(await isHidden('screen')).toBe(true);
  });

  it('says that somebody else is at the console, and offers to try again', async () => {
    const uuid = await bed.instance();
    const other = await bed.connect(uuid);
    await other.sees('login: ');
    await browser.open(await bed.pageUrl(uuid, 'serial'));

    await until("document.getElementById('terminal-notice')?.textContent.includes('Somebody else is at this console')");
    await other.leave();
    while (!bed.lines.texts.some((text) => text.startsWith('console closed') && text.includes(uuid)))
      await new Promise(setImmediate);
    await browser.click('#reconnect');
    await until("document.querySelector('.xterm-rows').textContent.includes('login:')");
  });

  it('opens one terminal, however often its tab is clicked, and says so when a part of the page is missing', async () => {
    const uuid = await bed.instance();
    await browser.open(await bed.pageUrl(uuid));
    await until("document.getElementById('picture')?.naturalWidth === 640");
    await browser.call('Network.enable');
    await browser.call('Network.setBlockedURLs', { urls: ['*xterm.js'] });
    await browser.click('#terminal-tab');
    await until("document.getElementById('terminal-notice').textContent.includes('could not be loaded')");

    await browser.call('Network.setBlockedURLs', { urls: [] });
    await browser.click('#reconnect');
    for (let clicks = 0; clicks < 3; clicks += 1) await browser.click('#terminal-tab');
    await until("document.querySelector('.xterm-rows')?.textContent.includes('login:')");

    expect(await browser.value("document.querySelectorAll('.xterm').length")).toBe(1);
    expect(await textOf('terminal-notice')).toBe('');
  });

  it('says what to do where the URL has expired', async () => {
    await browser.open(`${bed.httpUrl}?token=expired`);

    await until("document.getElementById('refusal')?.textContent.includes('ask for a new one')");
    expect([await isHidden('screen'), await isHidden('terminal'), await isHidden('tabs')]).toEqual([true, true, true]);
  });
}
