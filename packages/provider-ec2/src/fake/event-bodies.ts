import { randomUUID } from 'node:crypto';
import type { StateChange } from './life.js';

const ACCOUNT = '123456789012';
const REGION = 'us-east-1';

/** As EventBridge tells of a state ("EventBridge events for Amazon EC2"). */
export function stateChangeEvent({ instanceId, state, at }: StateChange): string {
  return ec2Event('EC2 Instance State-change Notification', instanceId, { at, detail: { state } });
}

/** As EventBridge tells that a spot instance is taken back. */
export function spotWarningEvent(instanceId: string, action: 'terminate' | 'stop' | 'hibernate' = 'terminate'): string {
  const detail = { 'instance-action': action };
  return ec2Event('EC2 Spot Instance Interruption Warning', instanceId, { at: Date.now(), detail });
}

/** Any event of EC2 about an instance. */
export function ec2Event(
  type: string,
  instanceId: string,
  { at = Date.now(), detail = {} }: { readonly at?: number; readonly detail?: Readonly<Record<string, string>> } = {},
): string {
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': type,
    source: 'aws.ec2',
    account: ACCOUNT,
    time: new Date(at).toISOString(),
    region: REGION,
    resources: [`arn:aws:ec2:${REGION}:${ACCOUNT}:instance/${instanceId}`],
    detail: { 'instance-id': instanceId, ...detail },
  });
}
