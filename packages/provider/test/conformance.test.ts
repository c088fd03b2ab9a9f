import { conformance, probed } from '@burstcell/provider/conformance';
import { simulatorSetup } from './simulator-setup.js';

conformance('simulator', await probed(simulatorSetup));
