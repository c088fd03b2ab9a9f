import { ABILITY_SUITES } from './ability-suites.js';
import { abortSuite } from './abort.js';
import { consoleSuite } from './console.js';
import { describeSuite } from './describe.js';
import { freezeSuite } from './freeze.js';
import { launchSuite } from './launch.js';
import { launchFailuresSuite } from './launch-failures.js';
import { listSuite } from './list.js';
import { offeringsSuite } from './offerings.js';
import { powerSuite } from './power.js';
import { rebootSuite } from './reboot.js';
import { shapeSuite } from './shape.js';
import { type ContractTest, Suite } from './suite.js';
import { terminateSuite } from './terminate.js';

const VERBS = [
  shapeSuite,
  offeringsSuite,
  freezeSuite,
  launchSuite,
  launchFailuresSuite,
  describeSuite,
  listSuite,
  powerSuite,
  rebootSuite,
  terminateSuite,
  consoleSuite,
  ...ABILITY_SUITES,
  abortSuite,
];

/** Every test of the contract, in the order they are run. */
export function contractTests(): readonly ContractTest[] {
  const suite = new Suite();
  for (const declare of VERBS) declare(suite);
  return suite.tests;
}
