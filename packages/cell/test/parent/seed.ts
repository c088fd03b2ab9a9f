import type { NovaRest } from './rest.js';

/** Flavors as nova had them by default until Newton, and one that nothing can hold. */
const FLAVORS = [
  { id: '1', name: 'm1.tiny', ram: 512, vcpus: 1, disk: 1 },
  { id: '2', name: 'm1.small', ram: 2048, vcpus: 1, disk: 20 },
  { id: '3', name: 'm1.medium', ram: 4096, vcpus: 2, disk: 40 },
  { id: 'huge', name: 'huge', ram: 99_999_999, vcpus: 9, disk: 1 },
];

/** What a new parent lacks for a first boot. */
export async function seed(rest: NovaRest): Promise<void> {
  for (const flavor of FLAVORS) await post(rest, '/flavors', { flavor });
  await post(rest, '/os-security-groups', { security_group: { name: 'second', description: 'for verbs that name one' } });
  await post(rest, '/os-keypairs', { keypair: { name: 'key' } });
}

async function post(rest: NovaRest, path: string, body: object): Promise<void> {
  const answer = await rest.call('POST', path, body);
  if (answer.status >= 300 || answer.status === 0) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`);
}
