import { describe, expect, it } from '@jest/globals';
import { contractTests } from './contract.js';
import type { ProviderSetup } from './setup.js';
import { type ContractTest, nameOf, reasonToSkip, runTest } from './suite.js';

/**
 * Declares, in a jest test file, the tests that every provider must pass; `name` says on what it runs.
 * Give it a {@link ./probe.ts probed} setup, so that tests of absent abilities are shown as skipped.
 */
export function conformance(name: string, setup: ProviderSetup): void {
  const tests = contractTests();
  for (const [verb, ofVerb] of byVerb(tests)) {
    describe(`${name}: ${verb}`, () => {
      for (const test of ofVerb) declare(test, { name, setup });
    });
  }
  describe(`${name}: declared deviations`, () => {
    it('are all tests of this suite', () => {
      expect(staleDeviations(tests, setup)).toEqual([]);
    });
  });
}

function declare(test: ContractTest, { name, setup }: { readonly name: string; readonly setup: ProviderSetup }): void {
  const reason = reasonToSkip(test, setup);
  if (reason === undefined) {
    it(test.sentence, () => runTest(test, setup), setup.testTimeoutMs);
    return;
  }
  // jest names skipped tests only when it is verbose; a deviation must always be seen.
  process.stdout.write(`skipped  ${name}: ${nameOf(test)}: ${reason}\n`);
  it.skip(`${test.sentence} [skipped: ${reason}]`, () => undefined);
}

/** A deviation that no test has is a leftover or a slip of the pen. */
function staleDeviations(tests: readonly ContractTest[], setup: ProviderSetup): string[] {
  const names = new Set(tests.map(nameOf));
  return Object.keys(setup.skip ?? {}).filter((name) => !names.has(name));
}

function byVerb(tests: readonly ContractTest[]): Map<string, ContractTest[]> {
  const verbs = new Map<string, ContractTest[]>();
  for (const test of tests) verbs.set(test.verb, [...(verbs.get(test.verb) ?? []), test]);
  return verbs;
}
