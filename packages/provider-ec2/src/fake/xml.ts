/** What an element holds: text, children by name, a list of `<item>`s, or nothing at all. */
export type XmlValue = string | number | boolean | undefined | XmlTree | readonly XmlValue[];
export interface XmlTree {
  readonly [name: string]: XmlValue;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML 1.0 cannot hold at all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to drop
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** A document in the manner of EC2's Query protocol: lists are made of `<item>`s, what is undefined is left out. */
export function toXml(name: string, value: XmlTree): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(name, value)}`;
}

function element(name: string, value: XmlValue): string {
  return value === undefined ? '' : `<${name}>${content(value)}</${name}>`;
}

function content(value: Exclude<XmlValue, undefined>): string {
  if (typeof value === 'string')
    return value
      .replace(FORBIDDEN, '')
      .replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char)
      .replaceAll('\r', '&#13;');
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return value.map((item) => element('item', item)).join('');
  return Object.entries(value)
    .map(([name, child]) => element(name, child))
    .join('');
}

const isList = (value: XmlTree | readonly XmlValue[]): value is readonly XmlValue[] => Array.isArray(value);
