import type { Screenshot } from '../abilities.js';
import type { Site } from './cloud-state.js';
import type { Machine } from './machine.js';
import { drawText } from './picture.js';
import { refusal } from './rules.js';

/** A terminal that says which machine it is, what it does, and when the picture was taken. */
export function screenshotOf({ settings }: Site, machine: Machine): Screenshot {
  const { providerId, state, boots } = machine;
  if (state !== 'running' && state !== 'paused') throw refusal('looked at', machine);
  const takenAt = new Date(settings.clock.now()).toISOString();
  const image = drawText([`${providerId} ${state}`, `boot ${boots}`, takenAt.replace(/\..*$/, '').replace('T', ' '), 'login:']);
  return { contentType: 'image/png', image, takenAt };
}
