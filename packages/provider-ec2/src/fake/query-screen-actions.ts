import type { FakeEc2 } from './fake-ec2.js';
import type { Query } from './query.js';
import type { XmlTree } from './xml.js';

/** GetConsoleScreenshot as a Query request. */
export const screenActions = {
  async GetConsoleScreenshot(fake: FakeEc2, query: Query): Promise<XmlTree> {
    const instanceId = query.require('InstanceId');
    const image = await fake.getConsoleScreenshot({ instanceId });
    return { instanceId, imageData: Buffer.from(image).toString('base64') };
  },
};
