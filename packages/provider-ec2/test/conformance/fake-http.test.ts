import { conformance, probed } from '@burstcell/provider/conformance';
import { fakeOverHttpSetup } from './fake-setup.js';

conformance('ec2 on FakeEc2 over HTTP', await probed(fakeOverHttpSetup));
