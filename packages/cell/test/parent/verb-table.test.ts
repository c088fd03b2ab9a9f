import { describe, expect, it } from '@jest/globals';
import { SCENES } from './verb-table.js';

const verbs = SCENES.flatMap((scene) => scene.verbs);
/** What can be filled in; `{x}` with another name would only fail at a real parent. */
const KNOWN = [
  'server',
  'name',
  'cell',
  'path',
  'userDataFile',
  'request',
  'hypervisor',
  'host',
  'address',
  'network',
  'newVolume',
  'bootVolume',
  'bootSnapshot',
  'volume',
];

describe('the verb table', () => {
  it('names every verb once, since figures go by the name', () => {
    const names = verbs.map(({ name }) => name);

    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('speaks only of what can be filled in', () => {
    const words = verbs.flatMap(({ ask }) => [...JSON.stringify(ask).matchAll(/\{(\w+)\}/g)].map(([, word]) => word ?? ''));

    expect(words.filter((word) => !KNOWN.includes(word))).toEqual([]);
  });

  it('begins every scene that has a server with its boot', () => {
    const withoutBoot = SCENES.filter(({ verbs: [first] }) => !first?.boots && JSON.stringify(first?.ask).includes('{server}'));

    expect(withoutBoot.map(({ name }) => name)).toEqual([]);
  });

  it('ends every boot that is promised in a state that somebody checks', () => {
    const unchecked = verbs.filter(
      ({ boots, issue, rest, check }) => boots && issue === 'A' && (rest === undefined || check === undefined),
    );

    expect(unchecked.map(({ name }) => name)).toEqual([]);
  });
});
