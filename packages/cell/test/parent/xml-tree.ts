/** An element of an XML answer: its texts joined, its children in order. */
export interface Element {
  name: string;
  text: string;
  children: Element[];
}

const TOKEN = /<(\/?)([\w.:-]+)[^>]*?(\/?)>|([^<]+)/g;
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Reads as much of XML as EC2's answers have: no comments, no CDATA, attributes passed over. */
export function parseXml(xml: string): Element {
  const root: Element = { name: '', text: '', children: [] };
  const open = [root];
  for (const [, close, name, empty, text] of xml.replace(/<\?.*?\?>/s, '').matchAll(TOKEN)) {
    const parent = open.at(-1) ?? root;
    if (text !== undefined) parent.text += decoded(text.trim());
    else if (close) open.pop();
    else {
      const element: Element = { name: name ?? '', text: '', children: [] };
      parent.children.push(element);
      if (!empty) open.push(element);
    }
  }
  return root;
}

/** The elements at a path of names, from anywhere on the way branching. */
export function at(element: Element, ...path: string[]): Element[] {
  const [name, ...rest] = path;
  if (name === undefined) return [element];
  return element.children.filter((child) => child.name === name).flatMap((child) => at(child, ...rest));
}

export function textAt(element: Element, ...path: string[]): string | undefined {
  return at(element, ...path)[0]?.text;
}

function decoded(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
