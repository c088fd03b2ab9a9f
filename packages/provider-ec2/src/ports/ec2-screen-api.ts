import type { Ec2CallOptions } from './ec2-api.js';

/** EC2's call that shows what is on an instance's screen. */
export interface ScreenApi {
  /**
   * A JPEG of at most 100 KB (AWS: GetConsoleScreenshot and "Capture a screenshot of an unreachable instance"); empty where EC2
   * sent none. `wakeUp` acts as a keystroke. Not for bare metal, Graviton and NVIDIA GRID drivers.
   */
  getConsoleScreenshot(
    input: { readonly instanceId: string; readonly wakeUp?: boolean },
    options?: Ec2CallOptions,
  ): Promise<Uint8Array>;
}
