import type { Provider } from '@burstcell/provider';
import {
  type ContractTest,
  contractTests,
  nameOf,
  type ProviderSetup,
  type ProviderUnderTest,
} from '@burstcell/provider/conformance';
import { simulatorSetup } from './simulator-setup.js';

/** A provider that keeps the contract but for what `flaw` does to it. */
export function flawed(flaw: (provider: Provider) => void): ProviderSetup {
  const damaged = (provider: Provider): Provider => {
    flaw(provider);
    return provider;
  };
  return {
    ...simulatorSetup,
    async make(options): Promise<ProviderUnderTest> {
      const made = await simulatorSetup.make(options);
      return {
        ...made,
        provider: damaged(made.provider),
        replica: async () => damaged((await made.replica?.()) ?? made.provider),
      };
    },
  };
}

export function testNamed(name: string): ContractTest {
  const test = contractTests().find((candidate) => nameOf(candidate) === name);
  if (test === undefined) throw new Error(`no such test: ${name}`);
  return test;
}
