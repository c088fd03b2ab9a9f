import { createHash } from 'node:crypto';

/** One part of a multi-part document: headers and body, as they are written. */
export interface MimePart {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** RFC 5322: lines of at most 998 characters. */
const MAX_LINE = 998;

/**
 * A multi-part document of these parts, in their order. Equal parts give an equal document: the boundary is made
 * of their content.
 */
export function multipart(parts: readonly MimePart[]): string {
  const texts = parts.map(({ headers, body }) => [...headers.map(([name, value]) => `${name}: ${value}`), '', body].join('\n'));
  const boundary = `burstcell-${createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 32)}`;
  const head = `Content-Type: multipart/mixed; boundary="${boundary}"\nMIME-Version: 1.0\n`;
  return `${[head, ...texts.map((text) => `--${boundary}\n${text}`)].join('\n')}\n--${boundary}--\n`;
}

/** A part that holds these bytes: as they are where plain text may travel so, else in base64. */
export function partOf(type: string, content: Buffer, extra: MimePart['headers'] = []): MimePart {
  const text = content.toString('latin1');
  const isPlain = /^[\t\n\x20-\x7e]*$/.test(text) && text.split('\n').every((line) => line.length <= MAX_LINE);
  const headers = [['Content-Type', `${type}; charset="utf-8"`] as const, ['MIME-Version', '1.0'] as const, ...extra];
  if (isPlain) return { headers, body: text };
  return {
    headers: [...headers, ['Content-Transfer-Encoding', 'base64']],
    body: content.toString('base64').replaceAll(/.{76}/g, '$&\n'),
  };
}

/** A part that is a MIME document of its own: it brings its headers along. */
export function nestedPart(document: Buffer): MimePart | undefined {
  const text = document.toString('utf8').replaceAll('\r\n', '\n');
  const end = text.indexOf('\n\n');
  const head = end === -1 ? '' : text.slice(0, end);
  const headers = head
    .replaceAll(/\n[ \t]+/g, ' ')
    .split('\n')
    .map((line) => /^([\x21-\x39\x3b-\x7e]+):\s*(.*)$/.exec(line));
  if (headers.length === 0 || headers.some((header) => header === null)) return undefined;
  return {
    headers: headers.flatMap((header) => (header ? [[header[1] ?? '', header[2] ?? ''] as const] : [])),
    body: text.slice(end + 2),
  };
}
