import type { Provider } from '@burstcell/provider';
import type { Ec2Context } from './context.js';
import { ImageImports } from './launching/image-imports.js';
import { listImports } from './launching/import-list.js';
import { guarded } from './limits/errors.js';
import type { EventsApi } from './ports/events-api.js';
import { lazyS3Store } from './ports/image-store.js';
import { makeSdkEvents } from './sdk/sdk-events.js';
import { Ec2Events } from './watching/events.js';

/** What a provider can do beside its verbs, where an option asks for it. */
type Extras = Pick<Provider, 'changes' | 'importImage' | 'imports' | 'imageProperty'>;

interface Opened {
  readonly extras: Extras;
  /** Undefined where nothing is imported. */
  readonly imports: ImageImports | undefined;
  close(): void;
}

/** Makes no call. `close` ends what was made here. */
export function openExtras(ec2: Ec2Context): Opened {
  const { config, log } = ec2;
  const queue = queueOf(ec2);
  const events = queue && new Ec2Events({ queue, log, others: config.otherAccounts ?? [] });
  const imports = importsOf(ec2);
  const [imageProperty] = config.imageProperties;
  return {
    extras: {
      ...(imageProperty === undefined ? {} : { imageProperty }),
      ...(events && { changes: (options) => events.changes(options?.signal) }),
      ...(imports && {
        importImage: (image, source) => guarded(imports.importImage(image, source)),
        imports: (options) => guarded(listImports(ec2, options?.signal)),
      }),
    },
    imports,
    close() {
      imports?.close();
      if (!config.events) queue?.close?.();
    },
  };
}

function queueOf({ config }: Ec2Context): EventsApi | undefined {
  const { events, eventsQueueUrl } = config;
  return events ?? (eventsQueueUrl === undefined ? undefined : makeSdkEvents(config, eventsQueueUrl));
}

/** Undefined where the operator names no bucket. */
function importsOf(ec2: Ec2Context): ImageImports | undefined {
  const { importBucket: bucket, imageStore, ...settings } = ec2.config;
  if (bucket === undefined) return undefined;
  return new ImageImports(ec2, { bucket, store: imageStore ?? lazyS3Store(settings, bucket) });
}
