import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from '@burstcell/provider';
import type { ConsoleConfig } from '../config/cell-config.js';
import type { Log } from '../log.js';
import { viewsOf } from './offers.js';
import { pageFiles, pageTemplate } from './page-files.js';
import { queryOf } from './request.js';
import type { Screens } from './screens.js';
import type { ConsoleTokens } from './tokens.js';

export interface PageParts {
  readonly config: Pick<ConsoleConfig, 'publicUrl' | 'frameAncestors'>;
  readonly tokens: ConsoleTokens;
  readonly screens: Screens;
  readonly provider: Provider;
  readonly log: Log;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

const TEXT = 'text/plain; charset=utf-8';
/** Where there is no server to name. */
const TITLE = 'Console';
const HTML = 'text/html; charset=utf-8';
const METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD']);
const UNKNOWN = 'The URL is unknown or has expired; ask for a new one.';
const NOTHING = 'This cloud has no such console.';
const AWAY = 'The console cannot be shown at the moment; try again later.';
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * What a browser gets that follows a console's URL: one page, whose parts are told apart by the query alone, so that a proxy
 * may put it under any path, with or without that path before it. Only who brings a token sees a server's name.
 */
export class ConsolePages {
  private readonly files = pageFiles();
  private readonly template = pageTemplate();
  private readonly paths: ReadonlySet<string>;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(private readonly parts: PageParts) {
    const { pathname } = new URL(parts.config.publicUrl);
    const path = pathname.replace(/\/$/, '');
    this.paths = new Set(['/', path, `${path}/`]);
    this.headers = headersFor(parts.config.frameAncestors);
  }

  /** Answers every request; never rejects. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, type, body } = await this.answer(request).catch((err: unknown) => {
      this.parts.log.warn({ err }, 'a console page failed');
      return this.page(503, { reason: AWAY });
    });
    const allow = status === 405 ? { allow: [...METHODS].join(', ') } : {};
    response
      .writeHead(status, { ...this.headers, ...allow, 'content-type': type, 'content-length': Buffer.byteLength(body) })
      .end(body);
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    if (!METHODS.has(request.method)) return { status: 405, type: TEXT, body: 'This can only be looked at.\n' };
    const { path, query } = queryOf(request);
    const name = query.get('asset');
    const file = name === null ? undefined : this.files.get(name);
    if (!this.paths.has(path) || (name !== null && file === undefined)) return { status: 404, type: TEXT, body: 'Not found.\n' };
    return file === undefined ? this.console(request, query.get('token') ?? '') : { status: 200, ...file };
  }

  private async console({ socket }: IncomingMessage, token: string): Promise<Answer> {
    const { tokens, screens, provider, log } = this.parts;
    const found = await tokens.find(token);
    const server = found === null ? null : await screens.server(found.instanceUuid);
    if (found === null || server === null) {
      log.warn({ remote: socket.remoteAddress ?? null }, 'console page refused');
      return this.page(403, { reason: UNKNOWN });
    }
    const views = viewsOf(found.consoleType, provider);
    return this.page(200, { ...server, views: views.join(' '), reason: views.length === 0 ? NOTHING : '' });
  }

  private page(status: number, values: Readonly<Record<string, string>>): Answer {
    const all: Readonly<Record<string, string>> = { name: TITLE, ...values };
    const body = this.template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => escaped(all[name] ?? ''));
    return { status, type: HTML, body };
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ESCAPES[letter] ?? '');
}

/** The token is in the page's URL: it must reach neither caches nor other sites. xterm.js sets its colours in style elements. */
function headersFor(frameAncestors: readonly string[]): Readonly<Record<string, string>> {
  const ancestors = frameAncestors.length === 0 ? "'none'" : frameAncestors.join(' ');
  const policy = [
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; connect-src 'self'",
    `base-uri 'none'; form-action 'none'; frame-ancestors ${ancestors}`,
  ];
  return {
    'content-security-policy': policy.join('; '),
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    ...(frameAncestors.length === 0 ? { 'x-frame-options': 'DENY' } : {}),
  };
}
