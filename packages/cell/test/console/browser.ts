import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** Debian's; elsewhere `CHROMIUM` names one. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-pipe'];

/** Why there is no browser to look with; undefined where there is one. */
export const noBrowser: string | undefined = existsSync(CHROMIUM)
  ? undefined
  : `there is no ${CHROMIUM}; Debian's package chromium brings it, CHROMIUM names another`;

/** What ends each message in either direction. */
const END = '\0';

/** A Chromium without a window, spoken to by its own debugging protocol over pipes: it ends when whoever started it does. */
export class Browser {
  private calls = 0;
  private session: string | undefined;
  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  /** What a page complained of, breaches of its security policy among it. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {
    child.once('exit', () => this.ended());
    child.once('error', () => this.ended());
    (child.stdio[3] as Writable).on('error', () => this.ended());
    let text = '';
    (child.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      const messages = `${text}${chunk}`.split(END);
      text = messages.pop() ?? '';
      for (const message of messages) this.told(JSON.parse(message));
    });
  }

  /** With one page that shows nothing yet. */
  static async start(): Promise<Browser> {
    const folder = mkdtempSync(join(tmpdir(), 'burstcell-browser-'));
    const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] as const;
    const browser = new Browser(spawn(CHROMIUM, [...FLAGS, `--user-data-dir=${folder}`], { stdio: [...stdio] }), folder);
    const { targetId } = (await browser.call('Target.createTarget', { url: 'about:blank' })) as { targetId: string };
    const attached = await browser.call('Target.attachToTarget', { targetId, flatten: true });
    browser.session = (attached as { sessionId: string }).sessionId;
    for (const domain of ['Page', 'Runtime', 'Log']) await browser.call(`${domain}.enable`);
    return browser;
  }

  async open(url: string): Promise<void> {
    await this.call('Page.navigate', { url });
  }

  /** The value of an expression in the page. */
  async value(expression: string): Promise<unknown> {
    const { result } = (await this.call('Runtime.evaluate', { expression })) as { result: { value: unknown } };
    return result.value;
  }

  async click(selector: string): Promise<void> {
    await this.value(`document.querySelector(${JSON.stringify(selector)}).click()`);
  }

  /** Into whatever has the focus. */
  async type(text: string): Promise<void> {
    await this.call('Input.insertText', { text });
  }

  async call(method: string, params: object = {}): Promise<unknown> {
    this.calls += 1;
    const id = this.calls;
    const answer = new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    (this.child.stdio[3] as Writable).write(JSON.stringify({ id, method, params, sessionId: this.session }) + END);
    return answer;
  }

  async close(): Promise<void> {
    const ended = once(this.child, 'close');
    this.session = undefined;
    await this.call('Browser.close');
    await ended;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Who waits for an answer then gets none. */
  private ended(): void {
    for (const { reject } of this.waiting.values()) reject(new Error(`${CHROMIUM} has ended`));
    this.waiting.clear();
  }

  private told(message: { id?: number; result?: unknown; error?: { message: string }; method?: string; params?: object }): void {
    const { id, result, error, method = '', params } = message;
    if (method === 'Log.entryAdded' || method === 'Runtime.exceptionThrown') this.complaints.push(JSON.stringify(params));
    if (id === undefined) return;
    const call = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error.message));
  }
}
