import {
  addressCountIs,
  all,
  answerHas,
  answerHasUuid,
  builtRight,
  flavorIs,
  imageIs,
  imageRecordActive,
  machinesAre,
  machinesGone,
} from './checks.js';
import { DEBIAN } from './image-stub.js';
import type { Check, Refusal, Verb } from './verb.js';

/** The verbs of issue B: every state a server can be brought to, and what an operator asks besides. */
const boot = ['boot', '--flavor', 'm1.tiny', '--image', 'cirros'];
const oldest = ['--os-compute-api-version', '2.1'];
const ACTIVE = ['ACTIVE'];
const cli = (...words: string[]): Verb['ask'] => ({ cli: words });
const action = (body: object): Verb['ask'] => ({ rest: ['POST', '/servers/{server}/action', body] });

/** A question. */
function asks(name: string, ask: Verb['ask'], more: { check?: Check; refused?: Refusal } = {}): Verb {
  return { name, issue: 'B', ask, ...more };
}

/** A change, after which the server rests there. */
function changes(name: string, ask: Verb['ask'], rest: string[], more: { check?: Check; refused?: Refusal } = {}): Verb {
  return { name, issue: 'B', ask, rest, ...more };
}

function boots(name: string, words: string[], check: Check): Verb {
  return { name, issue: 'B', ask: cli(...boot, ...words, '{name}'), boots: true, rest: ACTIVE, check };
}

function parentRefuses(why: string): { refused: Refusal } {
  return { refused: { by: 'parent', why } };
}

/** What EC2 has nothing for; the simulator serves it. */
function notOnEc2(why: string, rest?: string[]): { refused: Refusal } {
  return { refused: { by: 'cell', why, on: 'ec2', ...(rest === undefined ? {} : { rest }) } };
}

/** The parent itself refuses what undoes a verb that the cell has refused. */
function wasNot(state: string): { refused: Refusal } {
  return { refused: { by: 'parent', why: `it was not ${state}`, on: 'ec2' } };
}

/** EC2 has it; the conformance suite shows it on FakeEc2. */
const NO_ROOT_TASKS = 'moto has no replacement of root volumes';
const serialIsOff = notOnEc2('moto has no serial consoles, and [ec2] serial_console is not set');
/** nova's own child has them. */
const notOurs: { refused: Refusal } = {
  refused: { by: 'cell', why: 'the gateway has novnc and serial alone', on: ['ec2', 'simulator'] },
};
const hostName = 'from Liberty on its API takes no cell path for a host';
const noNetworkService = 'its network API of cells v1 cannot do it';

export const states: Verb[] = [
  boots('boot-states', [], all(builtRight, flavorIs('1'))),
  changes('pause', cli('pause', '{server}'), ['PAUSED'], notOnEc2('EC2 cannot pause', ACTIVE)),
  changes('unpause', cli('unpause', '{server}'), ACTIVE, wasNot('paused')),
  changes('suspend', cli('suspend', '{server}'), ['SUSPENDED'], notOnEc2('only what was launched for it hibernates', ACTIVE)),
  changes('resume', cli('resume', '{server}'), ACTIVE, { check: machinesAre('running'), ...wasNot('suspended') }),
  changes('rescue', cli('rescue', '{server}'), ['RESCUE'], notOnEc2(NO_ROOT_TASKS, ACTIVE)),
  changes('unrescue', cli('unrescue', '{server}'), ACTIVE, { check: machinesAre('running'), ...wasNot('rescued') }),
  changes('resize', cli('resize', '{server}', 'm1.small'), ['VERIFY_RESIZE'], { check: flavorIs('2') }),
  changes('resize-confirm', cli('resize-confirm', '{server}'), ACTIVE, { check: flavorIs('2') }),
  changes('resize-back', cli('resize', '{server}', 'm1.tiny'), ['VERIFY_RESIZE'], { check: flavorIs('1') }),
  changes('resize-revert', cli('resize-revert', '{server}'), ACTIVE, { check: flavorIs('2') }),
  changes('migrate', cli('migrate', '{server}'), ['VERIFY_RESIZE'], { check: flavorIs('2') }),
  changes('migrate-confirm', cli('resize-confirm', '{server}'), ACTIVE, { check: flavorIs('2') }),
  asks('migration-list-resized', cli(...oldest, 'migration-list'), { check: answerHasUuid }),
  changes('live-migration', cli('live-migration', '{server}'), ACTIVE, parentRefuses('it fails before it sends the verb')),
  changes('evacuate', cli('evacuate', '{server}'), ACTIVE, {
    refused: { by: 'cell', why: 'a machine of the provider cannot be moved off its host' },
  }),
  changes('rebuild', cli('rebuild', '{server}', 'debian'), ACTIVE, {
    check: all(imageIs(DEBIAN), machinesAre('running')),
    ...notOnEc2(NO_ROOT_TASKS, ACTIVE),
  }),
  changes('image-create', cli('image-create', '{server}', '{name}-snapshot'), ACTIVE, {
    check: imageRecordActive('snapshot'),
  }),
  changes('backup', cli('backup', '{server}', '{name}-backup', 'daily', '2'), ACTIVE, {
    check: imageRecordActive('backup'),
  }),
  changes('set-password', action({ changePassword: { adminPass: 'new' } }), ACTIVE, notOnEc2('EC2 reaches into no guest')),
  asks('diagnostics', cli(...oldest, 'diagnostics', '{server}'), { check: answerHas('Property') }),
  asks('get-vnc-console', cli('get-vnc-console', '{server}', 'novnc'), { check: answerHas('http', 'token=') }),
  asks('get-spice-console', cli('get-spice-console', '{server}', 'spice-html5'), { check: answerHas('http'), ...notOurs }),
  asks('get-rdp-console', cli('get-rdp-console', '{server}', 'rdp-html5'), { check: answerHas('http'), ...notOurs }),
  asks('get-serial-console', cli('get-serial-console', '{server}'), { check: answerHas('ws://'), ...serialIsOff }),
  changes('reset-network', cli('reset-network', '{server}'), ACTIVE),
  changes('inject-network-info', action({ injectNetworkInfo: null }), ACTIVE),
  asks('interface-list', cli('interface-list', '{server}'), parentRefuses(noNetworkService)),
  changes('interface-attach', cli('interface-attach', '{server}'), ACTIVE, parentRefuses(noNetworkService)),
  changes('add-fixed-ip', action({ addFixedIp: { networkId: '{network}' } }), ACTIVE, { check: addressCountIs(2) }),
  changes('remove-fixed-ip', action({ removeFixedIp: { address: '{address}' } }), ACTIVE, { check: addressCountIs(1) }),
  changes('add-secgroup', cli('add-secgroup', '{server}', 'second'), ACTIVE),
  changes('remove-secgroup', cli('remove-secgroup', '{server}', 'second'), ACTIVE),
  changes('volume-attach', cli('volume-attach', '{server}', '{newVolume}'), ACTIVE, { check: answerHas('/dev/') }),
  changes('volume-detach', cli('volume-detach', '{server}', '{volume}'), ACTIVE),
  changes('shelve', cli('shelve', '{server}'), ['SHELVED', 'SHELVED_OFFLOADED']),
  changes('unshelve', cli('unshelve', '{server}'), ACTIVE, { check: machinesAre('running') }),
  asks('instance-action-list-all', cli('instance-action-list', '{server}'), {
    check: answerHas('suspend', 'rescue', 'resize', 'confirmResize', 'revertResize', 'rebuild', 'shelve', 'unshelve'),
  }),
  changes('shelve-again', cli('shelve', '{server}'), ['SHELVED', 'SHELVED_OFFLOADED']),
  changes('shelve-offload', cli('shelve-offload', '{server}'), ['SHELVED_OFFLOADED'], {
    refused: { by: 'parent', why: 'the child offloads at once', maybe: true },
  }),
  changes('delete-shelved', cli('delete', '{server}'), ['GONE'], { check: machinesGone }),
];

export const otherBoots: Verb[] = [
  boots(
    'boot-rich',
    ['--key-name', 'key', '--user-data', '{userDataFile}', '--config-drive', 'true', '--meta', 'role=web'],
    builtRight,
  ),
  {
    ...boots('boot-zone', ['--availability-zone', 'nova'], builtRight),
    // With nova's own child below it does the same.
    refused: { by: 'parent', why: 'it looks for zones among services of its own', release: 'ocata', rest: ['GONE'] },
  },
  boots('boot-secgroup', ['--security-groups', 'second'], builtRight),
  boots('boot-hint-cell', ['--hint', 'target_cell={path}'], builtRight),
];

const service = { host: '{path}@{host}', binary: 'nova-compute' };

export const moreQueries: Verb[] = [
  asks('hypervisor-servers', cli('hypervisor-servers', '{host}')),
  asks('hypervisor-uptime', cli(...oldest, 'hypervisor-uptime', '{hypervisor}'), {
    refused: { by: 'cell', why: 'no hypervisor below tells it' },
  }),
  asks('host-show', { rest: ['GET', '/os-hosts/{path}@{host}'] }, parentRefuses('it looks the host up in its own tables')),
  asks('availability-zone-list', cli('availability-zone-list')),
  asks('service-disable', { rest: ['PUT', '/os-services/disable', service] }, parentRefuses(hostName)),
  asks('service-enable', { rest: ['PUT', '/os-services/enable', service] }, parentRefuses(hostName)),
  asks('usage', cli('usage')),
  asks('limits', cli('limits')),
  asks('aggregate-create', cli('aggregate-create', 'of-the-bed')),
  asks('cell-show', cli('cell-show', '{cell}'), parentRefuses('it waits for an answer that it does not ask for')),
];
