/** Sections in order, each with its options; what `undefined` is left out. */
export type Ini = Record<string, Record<string, string | number | boolean | undefined>>;

/** As oslo.config and paste read it. */
export function renderIni(ini: Ini): string {
  return Object.entries(ini)
    .map(([section, options]) => [`[${section}]`, ...lines(options), ''].join('\n'))
    .join('\n');
}

function lines(options: Ini[string]): string[] {
  return Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`${name} = ${value}`]));
}
