import { all, machinesAre, machinesGone } from './checks.js';
import type { Check, Verb } from './verb.js';

const ACTIVE = ['ACTIVE'];
const boot = ['boot', '--flavor', 'm1.tiny'];
const block = (source: string, id: string) => `source=${source},id={${id}},dest=volume,bootindex=0,shutdown=remove`;

/** One volume, and no image, as the parent shows it. */
const bootsFromVolume: Check = ({ servers }) => {
  const [server] = servers;
  const volumes = server?.['os-extended-volumes:volumes_attached'] ?? [];
  if (volumes.length !== 1) return `the parent shows ${volumes.length} volumes at it`;
  return server?.image === '' ? undefined : 'the parent shows an image of it';
};

function verb(name: string, cli: string[], more: Partial<Verb>): Verb {
  return { name, issue: 'B', ask: { cli }, ...more };
}

const running = { rest: ACTIVE, check: all(machinesAre('running'), bootsFromVolume) };

/** A server that boots from a volume, and what can be done to it; then one of a snapshot, whose volume goes with it. */
export const fromVolume: Verb[] = [
  verb('boot-volume', [...boot, '--block-device', block('volume', 'bootVolume'), '{name}'], { boots: true, ...running }),
  verb('stop-volume', ['stop', '{server}'], { rest: ['SHUTOFF'], check: machinesAre('stopped') }),
  verb('start-volume', ['start', '{server}'], running),
  verb('rescue-volume', ['rescue', '{server}'], {
    rest: ACTIVE,
    refused: { by: 'parent', why: 'it rescues no server that boots from a volume' },
  }),
  verb('resize-volume', ['resize', '{server}', 'm1.small'], { rest: ['VERIFY_RESIZE'], check: bootsFromVolume }),
  verb('resize-confirm-volume', ['resize-confirm', '{server}'], running),
  // The parent's own doing: a snapshot of the volume, and an image that names it.
  verb('image-create-volume', ['image-create', '{server}', '{name}-snapshot'], running),
  verb('shelve-volume', ['shelve', '{server}'], { rest: ['SHELVED', 'SHELVED_OFFLOADED'], check: machinesGone }),
  verb('unshelve-volume', ['unshelve', '{server}'], running),
  verb('delete-volume-backed', ['delete', '{server}'], { rest: ['GONE'], check: machinesGone }),
  verb('boot-snapshot', [...boot, '--block-device', block('snapshot', 'bootSnapshot'), '{name}'], { boots: true, ...running }),
  verb('delete-snapshot-backed', ['delete', '{server}'], { rest: ['GONE'], check: machinesGone }),
];
