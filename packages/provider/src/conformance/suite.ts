import type { ProviderAbility } from '../abilities.js';
import { Bed } from './bed.js';
import { absentFrom } from './probe.js';
import type { MakeOptions, ProviderSetup, SetupNeed } from './setup.js';

export interface TestNeeds {
  readonly needs?: readonly SetupNeed[];
  readonly make?: MakeOptions;
  /** Abilities without which it cannot be run, besides those of its group. */
  readonly abilities?: readonly ProviderAbility[];
}

/** Declares one test; the sentence says what a provider does. */
export type Declare = (sentence: string, needs: TestNeeds, body: (bed: Bed) => Promise<void>) => void;

export interface ContractTest extends TestNeeds {
  readonly verb: string;
  readonly sentence: string;
  readonly body: (bed: Bed) => Promise<void>;
}

/** Gathers the tests of the contract; who runs them is decided elsewhere. */
export class Suite {
  readonly tests: ContractTest[] = [];

  verb(verb: string, define: (test: Declare) => void): void {
    define((sentence, needs, body) => this.tests.push({ ...needs, verb, sentence, body }));
  }

  /** Tests of abilities: run where the provider has them all. */
  ability(verb: string, abilities: readonly ProviderAbility[], define: (test: Declare) => void): void {
    this.verb(verb, (test) =>
      define((sentence, needs, body) => {
        test(sentence, { ...needs, abilities: [...abilities, ...(needs.abilities ?? [])] }, body);
      }),
    );
  }
}

/** The name a deviation is declared under. */
export function nameOf({ verb, sentence }: ContractTest): string {
  return `${verb}: ${sentence}`;
}

/** Why this test is not run with this setup; undefined when it is. */
export function reasonToSkip(test: ContractTest, setup: ProviderSetup): string | undefined {
  const declared = setup.skip?.[nameOf(test)];
  if (declared !== undefined) return declared;
  const absent = test.abilities?.filter((ability) => setup.absent?.includes(ability)) ?? [];
  if (absent.length > 0) return reasonOfAbsence(absent);
  return test.needs?.map((need) => setup.lacks?.[need]).find((reason) => reason !== undefined);
}

/**
 * Runs one test on a bed of its own; rejects when the provider breaks the contract, and when it is without
 * an ability that the test is about: what was not run must not count as passed.
 */
export async function runTest(test: ContractTest, setup: ProviderSetup): Promise<void> {
  const bed = new Bed(setup, await setup.make(test.make ?? {}));
  try {
    const absent = absentFrom(bed.provider, test.abilities ?? []);
    if (absent.length > 0) throw new Error(`${reasonOfAbsence(absent)}; a setup that went through probed() has it skipped`);
    await test.body(bed);
  } finally {
    await bed.close();
  }
}

function reasonOfAbsence(absent: readonly ProviderAbility[]): string {
  return `ability absent: ${absent.join(', ')}`;
}
