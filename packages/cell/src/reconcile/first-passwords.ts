import { kindOf, type Provider } from '@burstcell/provider';
import type { InstanceView, ProviderInstanceRow, Store } from '@burstcell/store';
import type { Log } from '../log.js';
import { report } from '../operations/endings.js';
import { FIRST_PASSWORD_MS } from '../timings.js';

interface FirstPasswordsParts {
  readonly store: Store;
  readonly provider: Provider;
  readonly log: Log;
  readonly now: () => Date;
}

/** nova/api/metadata/password.py: four pieces, and the client joins them. */
const CHUNKS = 4;
const CHUNK_LENGTH = 255;

/**
 * Passwords that Windows guests make at their first boot, brought to where `nova get-password` reads them: the parent's
 * system_metadata. Asked for with each sweep while a machine is young, and as long as there is none.
 */
export class FirstPasswords {
  constructor(private readonly parts: FirstPasswordsParts) {}

  /** Those of these machines that have one by now. Repeat-safe; what cannot be asked now is asked with the next sweep. */
  async bring(rows: readonly ProviderInstanceRow[]): Promise<void> {
    const { store, provider, now } = this.parts;
    const since = now().getTime() - FIRST_PASSWORD_MS;
    const young = rows.filter((row) => row.state === 'running' && row.createdAt.getTime() > since);
    if (provider.encryptedPassword === undefined || young.length === 0) return;

    const views = await store.instances.views(young.map(({ uuid }) => uuid));
    const waiting = young.filter(({ uuid }) => isWaiting(views.get(uuid)));
    for (const row of waiting) await this.bringOne(row);
  }

  private async bringOne({ uuid, providerId }: ProviderInstanceRow): Promise<void> {
    const { store, provider, log } = this.parts;
    try {
      const password = (await provider.encryptedPassword?.(providerId)) ?? null;
      if (password === null) return;
      const write = { write: 'set-system-metadata', uuid, values: chunks(password), replace: false } as const;
      await store.commit({ writes: [write, report(uuid, 0, { systemMetadata: true })] });
    } catch (error) {
      log.warn(
        { uuid, providerId, kind: kindOf(error), err: error },
        'the first password could not be brought; it is asked for again',
      );
    }
  }
}

function isWaiting(view: InstanceView | undefined): boolean {
  if (view === undefined || view.deleted !== 0) return false;
  const {
    os_type,
    system_metadata: { image_os_type, password_0 },
  } = view;
  return (os_type === 'windows' || image_os_type === 'windows') && !password_0;
}

function chunks(password: string): Readonly<Record<string, string>> {
  const pieces = Array.from({ length: CHUNKS }, (_, at) => password.slice(at * CHUNK_LENGTH, (at + 1) * CHUNK_LENGTH));
  return Object.fromEntries(pieces.map((piece, at) => [`password_${at}`, piece]));
}
