import { kindOf, type Provider, ProviderError, type Screenshot } from '@burstcell/provider';
import type { Store } from '@burstcell/store';
import type { Log } from '../log.js';
import { SCREEN_SHOT_MS } from '../timings.js';
import { CloseCode, Refusal } from './refusal.js';
import { SharedPictures } from './shared-pictures.js';

/** A server as its user knows it. */
export interface ShownServer {
  readonly name: string;
  /** nova's words: `active`, `active (powering-off)`, … */
  readonly state: string;
}

/** What one look at a screen shows; where there is no picture now, a sentence says why. */
export interface Look {
  readonly server: ShownServer;
  readonly picture?: Screenshot;
  readonly reason?: string;
}

export interface ScreenParts {
  readonly store: Store;
  readonly provider: Provider;
  readonly log: Log;
  /** Ends the wait for pictures. */
  readonly signal: AbortSignal;
}

/** In these states of a machine there is something to see. */
const LIT: ReadonlySet<string> = new Set(['running', 'paused']);
const DARK = 'The server has no screen while it does not run.';
const AWAY = 'The picture could not be had; it is tried again.';

/** Looks at servers' screens. */
export class Screens {
  private readonly pictures: SharedPictures;

  constructor(private readonly parts: ScreenParts) {
    this.pictures = new SharedPictures((providerId, wake) => this.shoot(providerId, wake));
  }

  /** As its row has it; null when there is none, or the server is deleted. Rejects when the database is away. */
  async server(uuid: string): Promise<ShownServer | null> {
    const view = (await this.parts.store.instances.views([uuid])).get(uuid);
    if (view === undefined || view.deleted !== 0) return null;
    const state = view.vm_state ?? 'unknown';
    return { name: view.display_name ?? uuid, state: view.task_state === null ? state : `${state} (${view.task_state})` };
  }

  /** Rejects with a {@link Refusal} when there will never be more to see, and when the database is away. */
  async look(uuid: string, wake: boolean): Promise<Look> {
    const [server, machines] = await Promise.all([this.server(uuid), this.parts.store.providerInstances.of([uuid])]);
    if (server === null) throw new Refusal(CloseCode.policyViolation, 'The server is deleted.');
    const machine = machines.get(uuid);
    if (machine === undefined || !LIT.has(machine.state)) return { server, reason: DARK };
    try {
      return { server, picture: await this.pictures.take(machine.providerId, wake) };
    } catch (error) {
      return { server, reason: this.reasonOf(error, uuid) };
    }
  }

  private reasonOf(error: unknown, uuid: string): string {
    this.parts.log.debug({ uuid, err: error }, 'there is no picture of a screen');
    if (kindOf(error) === 'unsupported') throw error;
    return error instanceof ProviderError ? error.userMessage : AWAY;
  }

  private async shoot(providerId: string, wake: boolean): Promise<Screenshot> {
    const { provider, signal } = this.parts;
    if (provider.screenshot === undefined) throw new ProviderError('unsupported', 'This cloud shows no screens.');
    return provider.screenshot(providerId, { wake, signal: AbortSignal.any([signal, AbortSignal.timeout(SCREEN_SHOT_MS)]) });
  }
}
