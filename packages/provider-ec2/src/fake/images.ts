import type { DescribeImagesInput, Ec2Image } from '../ports/ec2-api.js';
import type { Clock } from './clock.js';
import { ec2Failure } from './failures.js';
import { imageFilter } from './filters.js';
import type { Lag } from './machines.js';
import type { Region } from './region.js';

/** An image made in this account. */
interface OwnImage {
  image: Ec2Image;
  readonly bornAt: number;
}

export interface ImagesParts {
  readonly clock: Clock;
  readonly region: Region;
  readonly lag: Lag;
}

/** The region's images and those that the account has made, which reads do not see at once. */
export class Images {
  readonly #own = new Map<string, OwnImage>();

  constructor(private readonly parts: ImagesParts) {}

  /** DescribeImages: by ids, owners and filters. Throws InvalidAMIID.NotFound for an id that is not there. */
  describe({ ids = [], owners = [], filters = {} }: DescribeImagesInput): readonly Ec2Image[] {
    const images = this.#visible();
    const missing = ids.find((id) => !images.some(({ imageId }) => imageId === id));
    if (missing !== undefined) throw ec2Failure('InvalidAMIID.NotFound', `The image id '[${missing}]' does not exist`);

    const isWanted = imageFilter(filters);
    return images
      .filter(
        ({ imageId, owner }) => (ids.length === 0 || ids.includes(imageId)) && (owners.length === 0 || owners.includes(owner)),
      )
      .map(({ owner: _, ...image }) => image)
      .filter(isWanted);
  }

  /** One that machines may be made from. Throws InvalidAMIID.*. */
  usable(id: string): Ec2Image {
    if (!/^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) throw ec2Failure('InvalidAMIID.Malformed', `Invalid id: "${id}"`);
    const image = this.#all().find(({ imageId }) => imageId === id);
    if (image === undefined) throw ec2Failure('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
    if (image.state !== 'available') throw ec2Failure('InvalidAMIID.Unavailable', `The image ID '${id}' is not available`);
    return image;
  }

  /** Throws InvalidAMIName.Duplicate, which names the image that has the name. */
  mustBeNew(name: string): void {
    const twin = [...this.#own.values()].find(({ image }) => image.name === name);
    if (twin === undefined) return;
    throw ec2Failure('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${twin.image.imageId}`);
  }

  add(image: Ec2Image): void {
    this.#own.set(image.imageId, { image, bornAt: this.parts.clock.now() });
  }

  /** Does nothing to one that is no longer there. */
  change(imageId: string, changes: Partial<Ec2Image>): void {
    const own = this.#own.get(imageId);
    if (own !== undefined) own.image = { ...own.image, ...changes };
  }

  /** Whether an image of the account is made of this snapshot. */
  holds(snapshotId: string): string | undefined {
    return [...this.#own.values()].find(({ image }) => image.snapshots?.some((one) => one.snapshotId === snapshotId))?.image
      .imageId;
  }

  find(imageId: string): Ec2Image | undefined {
    return this.#own.get(imageId)?.image;
  }

  /** Throws InvalidAMIID.NotFound, also for the images of others. */
  remove(imageId: string): void {
    if (!this.#own.delete(imageId)) throw ec2Failure('InvalidAMIID.NotFound', `The image id '[${imageId}]' does not exist`);
  }

  #all(): Region['images'] {
    return [...this.parts.region.images, ...[...this.#own.values()].map(({ image }) => ({ ...image, owner: 'self' }))];
  }

  #visible(): Region['images'] {
    const { clock, lag } = this.parts;
    const seen = [...this.#own.values()].filter(({ bornAt }) => clock.now() >= bornAt + lag.unseenMs);
    return [...this.parts.region.images, ...seen.map(({ image }) => ({ ...image, owner: 'self' }))];
  }
}
