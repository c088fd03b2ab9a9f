import { conformance, probed } from '@burstcell/provider/conformance';
import { fakeSetup } from './fake-setup.js';

conformance('ec2 on FakeEc2', await probed(fakeSetup));
