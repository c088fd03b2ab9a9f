export type {
  AddressWish,
  Bandwidth,
  ConsoleConnection,
  ConsoleType,
  Diagnostics,
  Leftover,
  Progress,
  ProviderAbilities,
  ProviderAbility,
  ProviderSnapshot,
  ProviderVolume,
  Screenshot,
  VolumeRequest,
} from './abilities.js';
export type { ProviderChange, ProviderChanges, ProviderNotice } from './changes.js';
export type { ProviderErrorDetails, ProviderErrorKind, ProviderSubject } from './errors.js';
export { isRepeatable, kindOf, ProviderError } from './errors.js';
export type {
  Explain,
  ExplainedCandidate,
  ExplainedImport,
  ExplainOptions,
  Explanation,
  HourlyPrice,
  PassedOverSize,
  Standing,
} from './explanation.js';
export type { ImageImport, ImageSource, ImportImage, ImportState, ListImports } from './image-import.js';
export type {
  DiskRequest,
  FlavorRequest,
  ImageRequest,
  Json,
  JsonObject,
  KeyPairRequest,
  Launch,
  LaunchRequest,
  Offering,
  RootDiskRequest,
} from './launch.js';
export type {
  ConsoleOutput,
  ProviderAddress,
  ProviderInstance,
  ProviderNic,
  ProviderPage,
  ProviderState,
  UnownedMachine,
  UnownedPage,
} from './observed.js';
export type { AdmitOptions, CallOptions, DescribeOptions, LaunchOptions, Provider } from './provider.js';
export type {
  ReadSecurityGroups,
  SecurityGroup,
  SecurityGroupAbilities,
  SecurityGroupRule,
  SecurityGroupSync,
} from './security-groups.js';
export type { ProviderHeadroom, ProviderShape, ProviderZone } from './shape.js';
