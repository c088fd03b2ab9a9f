import type { ConfigOption, OptionGroup } from '../../config/option.js';

const INTRO = `# Configuration

<!-- Generated from the option tables by \`npm run docs\`. -->

One or more files in oslo.config's form, as nova's own \`nova.conf\`: \`[section]\`, \`name = value\`, comments on lines of
their own (a value may hold \`#\` and \`;\`), an indented line continues the one above it. \`$name\`, \`\${name}\` and
\`$section.name\` stand for another option's value, \`$$\` for a dollar sign. Of an option that is set several times the
last line of the last \`--config-file\` counts.

Where nova has an option, it has nova's name and section here. Keys of nova that mean nothing here are ignored and
named at start, so the file that nova runs on can be used as it is. Unknown keys in the other sections, and wrong values
anywhere, are errors that name file, line and remedy.
`;

/** \`docs/reference/configuration.md\`, whole. */
export function configurationPage(groups: readonly OptionGroup[]): string {
  return [INTRO, ...groups.map(sectionOf)].join('\n');
}

function sectionOf({ name, intro, options }: OptionGroup): string {
  const rows = options.map((option) => `| \`${option.name}\` | ${kindOf(option)} | ${defaultOf(option)} | ${helpOf(option)} |`);
  return [`## [${name}]`, '', intro, '', '| option | value | default | |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

function kindOf({ type, choices, min, max }: ConfigOption): string {
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (min !== undefined && max !== undefined) return `${type}, ${min} to ${max}`;
  if (min !== undefined) return `${type}, from ${min}`;
  return type;
}

function defaultOf(option: ConfigOption): string {
  if (option.isRequired) return '**required**';
  if (option.defaultShown !== undefined) return inTable(option.defaultShown);
  return option.default === null || option.default === '' ? '' : `\`${inTable(option.default)}\``;
}

function helpOf({ help, aliases = [] }: ConfigOption): string {
  if (aliases.length === 0) return inTable(help);
  const names = aliases.map((alias) => `\`[${alias.replace('.', '] ')}\``).join(', ');
  return inTable(`${help} Also read under its older ${aliases.length === 1 ? 'name' : 'names'} ${names}.`);
}

function inTable(text: string): string {
  return text.replaceAll('|', '\\|');
}
