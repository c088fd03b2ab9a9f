import { addressSuite } from './abilities/address.js';
import { adoptSuite } from './abilities/adopt.js';
import { bootFromVolumeSuite } from './abilities/boot-from-volume.js';
import { changesSuite } from './abilities/changes.js';
import { consoleConnectionSuite } from './abilities/console-connection.js';
import { figuresSuite } from './abilities/figures.js';
import { fixedIpsSuite } from './abilities/fixed-ips.js';
import { imageSuite } from './abilities/image.js';
import { labelSuite } from './abilities/label.js';
import { leftoversSuite } from './abilities/leftovers.js';
import { passwordSuite } from './abilities/password.js';
import { pauseSuite } from './abilities/pause.js';
import { protectSuite } from './abilities/protect.js';
import { rebuildSuite } from './abilities/rebuild.js';
import { rescueSuite } from './abilities/rescue.js';
import { resizeSuite } from './abilities/resize.js';
import { screenshotSuite } from './abilities/screenshot.js';
import { securityGroupsSuite } from './abilities/security-groups.js';
import { serialSuite } from './abilities/serial.js';
import { snapshotSuite } from './abilities/snapshot.js';
import { suspendSuite } from './abilities/suspend.js';
import { volumesSuite } from './abilities/volumes.js';
import type { Suite } from './suite.js';

/** What some clouds can do and others cannot; each is run where the provider has it. */
export const ABILITY_SUITES: readonly ((suite: Suite) => void)[] = [
  pauseSuite,
  suspendSuite,
  resizeSuite,
  imageSuite,
  rebuildSuite,
  rescueSuite,
  snapshotSuite,
  volumesSuite,
  bootFromVolumeSuite,
  fixedIpsSuite,
  addressSuite,
  passwordSuite,
  figuresSuite,
  consoleConnectionSuite,
  protectSuite,
  serialSuite,
  screenshotSuite,
  labelSuite,
  changesSuite,
  adoptSuite,
  leftoversSuite,
  securityGroupsSuite,
];
