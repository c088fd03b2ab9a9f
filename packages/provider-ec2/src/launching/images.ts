import { type ImageRequest, type LaunchRequest, ProviderError } from '@burstcell/provider';
import { Cached } from '../cached.js';
import type { Foundation } from '../context.js';
import { toProviderError } from '../limits/errors.js';
import { architectureOf, DEFAULT_ARCHITECTURE } from '../planning/architecture.js';
import { EXTRA_SPEC } from '../planning/hints.js';
import { lookup } from '../planning/lookup.js';
import type { DescribeImagesInput, Ec2Image } from '../ports/ec2-api.js';
import { ANY_ARCHITECTURE } from '../settings/volume-boot-option.js';
import { IMAGE_FRESH_MS, IMAGE_PENDING_RETRY_MS } from '../timings.js';

/** Owners among whom an AMI given by name is looked for: names of strangers prove nothing. */
const NAME_OWNERS = ['self', 'amazon'];

/** nova image → AMI. */
export class Images {
  readonly #cached = new Map<string, Cached<Ec2Image>>();

  constructor(private readonly parts: Foundation) {}

  /**
   * The AMI a request boots from. Throws `invalid` (nothing maps it), `not-found` (the AMI is gone), `unavailable`
   * (a snapshot that is not ready yet) or `unsupported`.
   */
  async resolve(image: ImageRequest, signal?: AbortSignal): Promise<Ec2Image> {
    const reference = this.reference(image);
    const known = this.#cached.get(reference) ?? this.#remember(reference);
    try {
      return await known.get(signal);
    } catch (error) {
      // References come from users: one that leads nowhere must not stay.
      this.#cached.delete(reference);
      throw toProviderError(error);
    }
  }

  /**
   * The AMI that a request is launched from to boot from a volume: it decides architecture and boot mode, and what AWS charges for.
   * What the volume's image names comes first, for it was made of that. Throws as {@link resolve}, and `unsupported` when there is none.
   */
  async standIn({ image, flavor }: LaunchRequest, signal?: AbortSignal): Promise<Ec2Image> {
    const { volumeBootAmi, imageProperties, defaultAmi } = this.parts.config;
    const asked =
      lookup(flavor.extraSpecs, EXTRA_SPEC.architecture) ?? image.properties.hw_architecture ?? image.properties.architecture;
    const architecture = architectureOf(asked ?? DEFAULT_ARCHITECTURE);
    const named = imageProperties.map((name) => lookup(image.properties, name)?.trim()).find((value) => value);
    const reference = named ?? lookup(volumeBootAmi, architecture) ?? lookup(volumeBootAmi, ANY_ARCHITECTURE) ?? defaultAmi;
    if (reference === undefined) throw noStandIn(architecture);
    return this.resolve({ ...image, providerImageId: reference }, signal);
  }

  /** AMI id or name for an image: our own snapshot of it, its property, the operator's map, the default. */
  reference(image: ImageRequest): string {
    const reference = this.#mapped(image);
    if (reference === undefined) throw unmapped(image, this.parts.config.imageProperties[0]);
    return reference;
  }

  /** Whether it has a counterpart, or would never have one. */
  isMapped(image: ImageRequest): boolean {
    return image.id === null || this.#mapped(image) !== undefined;
  }

  #mapped(image: ImageRequest): string | undefined {
    if (image.providerImageId !== null) return image.providerImageId;
    const { imageProperties, imageMap, defaultAmi } = this.parts.config;
    const fromProperty = imageProperties.map((name) => lookup(image.properties, name)?.trim()).find((value) => value);
    const fromMap = [image.id, image.name].map((name) => lookup(imageMap, name)).find((value) => value);
    return fromProperty ?? fromMap ?? (image.id === null ? undefined : defaultAmi);
  }

  #remember(reference: string): Cached<Ec2Image> {
    const { clock, log } = this.parts;
    const cached = new Cached({
      what: `image ${reference}`,
      freshMs: IMAGE_FRESH_MS,
      clock,
      log,
      load: () => this.#find(reference),
    });
    this.#cached.set(reference, cached);
    return cached;
  }

  async #find(reference: string): Promise<Ec2Image> {
    const input: DescribeImagesInput = isAmiId(reference)
      ? { ids: [reference] }
      : { owners: NAME_OWNERS, filters: { name: [reference], state: ['available'] } };
    const found = await this.parts.calls.read({
      action: 'DescribeImages',
      context: { image: reference },
      run: (api, options) => api.describeImages(input, options),
    });
    const newest = [...found].sort((a, b) => b.creationDate.localeCompare(a.creationDate))[0];
    if (newest?.state === 'pending') throw notReady(reference);
    if (newest?.state !== 'available') throw unusable(reference, newest?.state);
    return newest;
  }
}

function isAmiId(reference: string): boolean {
  return /^ami-[0-9a-z]+$/.test(reference);
}

function unmapped(image: ImageRequest, property: string | undefined): ProviderError {
  if (image.id === null) {
    return new ProviderError('unsupported', 'the request has no image', {
      subject: 'image',
      userMessage: 'The request names nothing to boot from; boot from an image or a volume.',
    });
  }
  const hint = property === undefined ? '' : `set its property ${property} or `;
  return new ProviderError('invalid', `image ${image.id} is mapped to no AMI`, {
    subject: 'image',
    userMessage: `Image ${image.id} has no counterpart in this cloud; ${hint}ask your cloud operator to map it.`,
  });
}

function noStandIn(architecture: string): ProviderError {
  return new ProviderError('unsupported', `[ec2] volume_boot_ami names no AMI for ${architecture}`, {
    subject: 'image',
    userMessage: `Booting from a volume is not set up in this cloud for ${architecture.slice(0, 20)}: ask your cloud operator to set volume_boot_ami, or boot from an image.`,
  });
}

function notReady(reference: string): ProviderError {
  return new ProviderError('unavailable', `AMI ${reference} is still being made`, {
    subject: 'image',
    userMessage: 'The image is still being made; try again in some minutes.',
    retryAfterMs: IMAGE_PENDING_RETRY_MS,
  });
}

function unusable(reference: string, state: string | undefined): ProviderError {
  return new ProviderError('not-found', `AMI ${reference} is ${state ?? 'unknown'}`, {
    subject: 'image',
    userMessage: `The image's copy ${reference.slice(0, 80)} is not usable in this region; choose another image or ask your cloud operator.`,
  });
}
