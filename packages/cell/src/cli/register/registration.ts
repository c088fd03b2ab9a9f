import type { ReleaseName } from '../../config/releases.js';
import { cellsJson, createFlags, type Neighbour } from './neighbour.js';
import { type ParentFacts, parentFacts } from './parent-facts.js';
import { commandLine } from './shell.js';

export interface Registration {
  readonly release: ReleaseName;
  readonly parent: Neighbour;
  readonly child: Neighbour;
  /** `[DEFAULT] control_exchange` and `[cells] rpc_driver_queue_base` of the child, which the parent must share. */
  readonly controlExchange: string;
  readonly queueBase: string;
  /** Whether `[api_database] connection` is set here. */
  readonly hasApiDatabase: boolean;
}

/** Everything both sides need to know each other, as text for an operator. */
export function describeRegistration(registration: Registration): string {
  const facts = parentFacts(registration.release);
  return [...parentSide(registration, facts), '', ...childSide(registration, facts)].join('\n');
}

function parentSide({ release, parent, child, ...names }: Registration, facts: ParentFacts): string[] {
  return [
    `## At the parent (${release})`,
    '',
    "1. nova.conf of the parent's nova-api and nova-cells; restart both when it changes:",
    '',
    ...indent(parentConf(parent.name, facts, names)),
    '',
    '2. Make the child known, as the user nova runs as:',
    '',
    ...indent(commandLine('nova-manage cell create', createFlags(child, facts.hasBrokerHosts))),
    '',
    ...createNotes(child, facts),
    ...(facts.hasCellsConfig ? cellsConfigAlternative(child) : []),
  ];
}

/** Defaults that both sides have are not repeated: an operator should only see what matters. */
function parentConf(name: string, facts: ParentFacts, names: { controlExchange: string; queueBase: string }): string {
  const lines: [section: string, line: string][] = [
    ['cells', 'enable = True'],
    ['cells', `name = ${name}`],
  ];
  for (const [section, line] of facts.enabling) lines.push([section, line]);
  if (names.controlExchange !== 'nova') lines.push(['DEFAULT', `control_exchange = ${names.controlExchange}`]);
  if (names.queueBase !== 'cells.intercell') lines.push(['cells', `rpc_driver_queue_base = ${names.queueBase}`]);
  const sections = [...new Set(lines.map(([section]) => section))].sort();
  return sections
    .map((section) => [`[${section}]`, ...lines.filter(([own]) => own === section).map(([, line]) => line)].join('\n'))
    .join('\n');
}

function createNotes(child: Neighbour, facts: ParentFacts): string[] {
  const notes = [
    'Port, woffset and wscale are not optional: nova-manage fails without them.',
    "The parent's nova-cells must reach this broker; whether it uses TLS is decided by the parent's own settings.",
  ];
  if (facts.hasAddressColumns)
    notes.push(
      "This release keeps user, password, host, port and virtual host in columns; an empty one falls back to the parent's own broker.",
    );
  else
    notes.push(
      "'nova-manage cell list' may show the broker twice (host,host/vhost): some releases store it so. It does no harm.",
    );
  if (child.broker.hosts.length > 1 && !facts.hasBrokerHosts)
    notes.push('This release takes one broker host only: the first of yours is used.');
  return [...notes.map((note) => `   - ${note}`), ''];
}

function cellsConfigAlternative(child: Neighbour): string[] {
  return [
    '   Or, in place of the table, a file; cells can then no longer be changed over the API:',
    '',
    ...indent(`# nova.conf\n[cells]\ncells_config = /etc/nova/cells.json\n\n# /etc/nova/cells.json\n${cellsJson(child)}`),
    '',
  ];
}

function childSide({ parent, child, release, hasApiDatabase }: Registration, facts: ParentFacts): string[] {
  return [
    '## Here (the child)',
    '',
    '1. Beside the sections of the provider, burstcell.conf needs:',
    '',
    ...indent(
      `[cells]\nname = ${child.name}\n[burst]\nparent_release = ${release}${facts.needsApiDatabase && !hasApiDatabase ? '\n[api_database]\nconnection = URL of the API database of the parent' : ''}`,
    ),
    '',
    ...(facts.needsApiDatabase
      ? ["   Without the parent's API database, 'nova list' at the parent goes on showing BUILD.", '']
      : []),
    '2. Prepare the database and make the parent known:',
    '',
    ...indent(`burstcell db migrate\n${commandLine('burstcell cell create', createFlags(parent, true))}`),
    '',
    '3. Look whether all is well, and run it:',
    '',
    ...indent('burstcell doctor\nburstcell run'),
  ];
}

function indent(text: string): string[] {
  return text.split('\n').map((line) => (line === '' ? '' : `     ${line}`));
}
