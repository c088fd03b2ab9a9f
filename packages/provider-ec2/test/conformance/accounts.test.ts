import { conformance, probed } from '@burstcell/provider/conformance';
import { accountsSetup } from './accounts-setup.js';

conformance('ec2 in the second of two accounts, on FakeEc2', await probed(accountsSetup));
