#!/usr/bin/env node
import { Command } from 'commander';
import { ParentBed } from './bed.js';
import { Demo } from './demo.js';
import { transportUrl } from './neighbour.js';
import { OurChild } from './our-child.js';
import { isRelease, RELEASES, type Release } from './releases.js';
import { tearDownOnSignals } from './teardown.js';
import { BedUnavailable } from './unavailable.js';

interface Options {
  keep?: boolean;
}

const command = new Command('demo-nova')
  .description('A real nova parent with a Burstcell child, used as a person would: register, boot, list, stop, start, delete.')
  .argument('[release]', `of ${RELEASES.join(', ')}`, 'rocky')
  .option('--keep', 'stay up until interrupted')
  .action(main);
function say(line: string): void {
  console.log(`-- ${line}`);
}

async function main(name: string, options: Options): Promise<void> {
  if (!isRelease(name)) command.error(`no such parent: ${name}; there are ${RELEASES.join(', ')}`);
  let bed: ParentBed | undefined;
  try {
    bed = await ParentBed.up({ release: name as Release, say }, ({ teardown }) => tearDownOnSignals(teardown, say));
    const shown = await show(bed);
    if (options.keep) await stayUp(bed);
    process.exitCode = shown ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BedUnavailable)) throw error;
    say(error.message);
    process.exitCode = 1;
  } finally {
    for (const failure of (await bed?.down()) ?? []) say(`not taken down: ${failure}`);
  }
}

/** True when every step came to what it should. */
async function show(bed: ParentBed): Promise<boolean> {
  const child = await register(bed);
  const demo = new Demo(bed, child, say);
  await demo.nova('cell-capacities', '--cell', bed.childName);
  await demo.nova('boot', '--flavor', 'm1.tiny', '--image', 'cirros', '--min-count', '2', '--max-count', '2', 'web');
  await demo.rests('ACTIVE', 2);
  await demo.nova('list');
  await demo.nova('hypervisor-list');
  await demo.nova('stop', 'web-1');
  await demo.rests('SHUTOFF', 1);
  await demo.nova('list');
  await demo.nova('start', 'web-1');
  await demo.rests('ACTIVE', 2);
  await demo.nova('instance-action-list', 'web-1');
  await demo.cloud();
  await demo.nova('delete', 'web-1', 'web-2');
  await demo.gone();
  await demo.nova('list');
  await demo.cloud();
  demo.summary();
  return demo.complaints.length === 0;
}

/** What `burstcell register` prints is what was done to the parent; the child is set up by the same page. */
async function register(bed: ParentBed): Promise<OurChild> {
  const child = new OurChild(bed);
  await child.start();
  const args = [
    'register',
    '--release',
    bed.release,
    '--parent-name',
    bed.cellName,
    '--parent-url',
    transportUrl(bed.parentBroker),
  ];
  const { output } = await child.command(args);
  console.log(`\n$ burstcell ${args.join(' ')}\n${output}`);
  say('the parent has been told with that nova-manage command; waiting until it has heard of the capacity below');
  await bed.waitForChild(child);
  return child;
}

async function stayUp(bed: ParentBed): Promise<never> {
  say(`staying up until interrupted; logs in ${bed.logFolder}; to use the CLI yourself:\n\n${bed.howToUse()}\n`);
  const forever = 2 ** 30;
  return new Promise(() => setInterval(() => undefined, forever));
}

await command.parseAsync();
