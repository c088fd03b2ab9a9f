export type {
  Bandwidth,
  ConsoleConnection,
  ConsoleType,
  Diagnostics,
  Leftover,
  Progress,
  ProviderAbilities,
  ProviderAbility,
  ProviderSnapshot,
  VolumeRequest,
} from './abilities.js';
export type { ProviderErrorDetails, ProviderErrorKind, ProviderSubject } from './errors.js';
export { isRepeatable, kindOf, ProviderError } from './errors.js';
export type { Explain, ExplainedCandidate, Explanation, HourlyPrice, PassedOverSize, Standing } from './explanation.js';
export type {
  FlavorRequest,
  ImageRequest,
  Json,
  JsonObject,
  KeyPairRequest,
  Launch,
  LaunchRequest,
  Offering,
} from './launch.js';
export type { ConsoleOutput, ProviderAddress, ProviderInstance, ProviderNic, ProviderPage, ProviderState } from './observed.js';
export type { CallOptions, LaunchOptions, Provider } from './provider.js';
export type { ProviderHeadroom, ProviderShape, ProviderZone } from './shape.js';
