import { type EC2Client, GetConsoleScreenshotCommand } from '@aws-sdk/client-ec2';
import type { ScreenApi } from '../ports/ec2-screen-api.js';
import { send } from './sdk-send.js';

/** {@link ScreenApi} on the AWS SDK. */
export function screenCalls(client: EC2Client): ScreenApi {
  return {
    async getConsoleScreenshot({ instanceId, wakeUp }, options) {
      const command = new GetConsoleScreenshotCommand({ InstanceId: instanceId, ...(wakeUp ? { WakeUp: true } : {}) });
      const { ImageData } = await send(options, (http) => client.send(command, http));
      return Buffer.from(ImageData ?? '', 'base64');
    },
  };
}
