/** Names of the servers of one request, where the child gives them (Newton on): `web` → `web-1`, `web-2` (nova/compute/api.py). */
export function numberedName(name: string, index: number): string {
  return `${name}-${index + 1}`;
}

const HOSTNAME_LENGTH = 63;

/** A display name as a hostname, as nova/utils.py sanitize_hostname makes it; `Server-<uuid>` where nothing is left. */
export function hostnameOf(displayName: string, uuid: string): string {
  const ascii = displayName.normalize('NFKD').replace(/[^\x20-\x7e]/g, '');
  const name = ascii
    .replace(/[ _]/g, '-')
    .replace(/[^\w.-]+/g, '')
    .toLowerCase()
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, HOSTNAME_LENGTH);
  return name === '' ? `Server-${uuid}` : name;
}
