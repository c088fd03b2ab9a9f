export type { Fault, ProviderVerb } from '../fault.js';
export { conformance } from './conformance.js';
export { contractTests } from './contract.js';
export { probed } from './probe.js';
export { aLaunchRequest, base64 } from './requests.js';
export { untilState } from './settle.js';
export type { CountedAbility, MakeOptions, ProviderSetup, ProviderUnderTest, SetupNeed } from './setup.js';
export { type ContractTest, nameOf, reasonToSkip, runTest } from './suite.js';
