import type { ImportState, LaunchRequest, Offering, ProviderInstance, ProviderSubject } from '@burstcell/provider';
import { systemClock } from '../clock.js';
import { silentLog } from '../log.js';
import { createEc2Provider, type Ec2Provider } from '../provider.js';
import type { Ec2ProviderConfig } from '../settings/config.js';
import { type AccountNumber, idIn, qualified } from './account-ids.js';
import { AccountRoom } from './account-room.js';

/** One AWS account of the cell: its provider, made at first use, and its ids as the core knows them. */
export class Account {
  #provider: Ec2Provider | undefined;
  readonly room: AccountRoom;

  constructor(
    readonly number: AccountNumber,
    private readonly config: Ec2ProviderConfig,
  ) {
    const { clock = systemClock, log = silentLog } = config;
    this.room = new AccountRoom({ account: number, clock, log, ask: () => this.provider.shape() });
  }

  get provider(): Ec2Provider {
    this.#provider ??= createEc2Provider(this.config);
    return this.#provider;
  }

  /** The request with ids of this account's own. Throws `invalid` when its image is a snapshot in another. */
  asked(request: LaunchRequest): LaunchRequest {
    const { image } = request;
    if (image.providerImageId === null) return request;
    return { ...request, image: { ...image, providerImageId: this.id(image.providerImageId, 'image') } };
  }

  offered(offering: Offering): Offering {
    if (this.number === null) return offering;
    return { ...offering, key: `${this.number}/${offering.key}`, account: this.number };
  }

  /** As the core knows it. */
  shown(machine: ProviderInstance): ProviderInstance {
    return { ...machine, providerId: qualified(machine.providerId, this.number) };
  }

  imported(state: ImportState | null): ImportState | null {
    if (state?.state !== 'done') return state;
    return { ...state, providerImageId: qualified(state.providerImageId, this.number) };
  }

  /** EC2's own id; see {@link idIn}. */
  id(text: string, subject: ProviderSubject): string {
    return idIn(this.number, text, subject);
  }

  async close(): Promise<void> {
    await this.#provider?.close();
  }
}
