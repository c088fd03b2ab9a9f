import type { Screenshot } from '@burstcell/provider';
import { SCREEN_FRESH_MS } from '../timings.js';

export type Shoot = (providerId: string, wake: boolean) => Promise<Screenshot>;

interface Shot {
  readonly picture: Promise<Screenshot>;
  readonly isWoken: boolean;
}

/**
 * One picture of a machine's screen for all who look within some seconds, and one refusal too: however many watch, the vendor
 * is asked no more often than that. Held by this process alone.
 */
export class SharedPictures {
  private readonly shots = new Map<string, Shot>();

  constructor(
    private readonly shoot: Shoot,
    private readonly freshMs = SCREEN_FRESH_MS,
  ) {}

  /** Rejects as `shoot` does. A picture for which the machine was not woken is none to those who want it awake. */
  take(providerId: string, wake: boolean): Promise<Screenshot> {
    const held = this.shots.get(providerId);
    if (held !== undefined && (held.isWoken || !wake)) return held.picture;
    const shot = { picture: this.shoot(providerId, wake), isWoken: wake };
    this.shots.set(providerId, shot);
    const grows = () => void setTimeout(() => this.forget(providerId, shot), this.freshMs).unref();
    shot.picture.then(grows, grows);
    return shot.picture;
  }

  private forget(providerId: string, shot: Shot): void {
    if (this.shots.get(providerId) === shot) this.shots.delete(providerId);
  }
}
