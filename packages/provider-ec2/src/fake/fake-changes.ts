import type { Ec2CallOptions, Ec2Tags } from '../ports/ec2-api.js';
import type * as change from '../ports/ec2-change-api.js';
import type * as groups from '../ports/ec2-group-api.js';
import type * as storage from '../ports/ec2-storage-api.js';
import type { Account } from './account.js';
import { attachVolume, deleteVolume, detachVolume } from './attachments.js';
import * as changes from './changes.js';
import { createImage, deleteSnapshot } from './create-image.js';
import { FakeControls } from './fake-controls.js';
import type { GateCall } from './gate.js';
import { importSnapshot, registerImage } from './import-tasks.js';
import { createReplaceRootVolumeTask } from './root-tasks.js';

type Options = Ec2CallOptions;

/** The fake's calls on what exists: attributes, tags, addresses, volumes, images. */
export class FakeChanges extends FakeControls implements change.Ec2ChangeApi, storage.Ec2StorageApi, groups.Ec2GroupApi {
  modifyInstanceAttribute(id: string, attribute: change.Ec2AttributeChange, { signal }: Options = {}): Promise<void> {
    const call = { action: 'ModifyInstanceAttribute', instances: 1, signal };
    return this.call(call, (account) => changes.modifyInstanceAttribute(account, id, attribute));
  }

  createTags(resourceIds: readonly string[], tags: Ec2Tags, { signal }: Options = {}): Promise<void> {
    return this.call({ action: 'CreateTags', signal }, (account) => changes.createTags(account, resourceIds, tags));
  }

  deleteTags(resourceIds: readonly string[], keys: readonly string[], { signal }: Options = {}): Promise<void> {
    return this.call({ action: 'DeleteTags', signal }, (account) => changes.deleteTags(account, resourceIds, keys));
  }

  assignPrivateIpAddresses(
    { networkInterfaceId, count }: { readonly networkInterfaceId: string; readonly count: number },
    { signal }: Options = {},
  ): Promise<void> {
    const call = { action: 'AssignPrivateIpAddresses', signal };
    return this.call(call, (account) => changes.assignPrivateIpAddresses(account, networkInterfaceId, count));
  }

  unassignPrivateIpAddresses(
    { networkInterfaceId, addresses }: { readonly networkInterfaceId: string; readonly addresses: readonly string[] },
    { signal }: Options = {},
  ): Promise<void> {
    const call = { action: 'UnassignPrivateIpAddresses', signal };
    return this.call(call, (account) => changes.unassignPrivateIpAddresses(account, networkInterfaceId, addresses));
  }

  describeInstanceStatus(ids: readonly string[], { signal }: Options = {}): Promise<readonly change.Ec2InstanceStatus[]> {
    return this.call({ action: 'DescribeInstanceStatus', signal }, (account) => changes.describeInstanceStatus(account, ids));
  }

  describeVolumes(input: storage.DescribeVolumesInput, { signal }: Options = {}): Promise<readonly storage.Ec2Volume[]> {
    return this.call({ action: 'DescribeVolumes', signal }, ({ volumes }) => volumes.describe(input));
  }

  attachVolume(input: storage.AttachVolumeInput, { signal }: Options = {}): Promise<void> {
    return this.call({ action: 'AttachVolume', signal }, (account) => attachVolume(account, input));
  }

  detachVolume(input: { readonly volumeId: string; readonly instanceId: string }, { signal }: Options = {}): Promise<void> {
    return this.call({ action: 'DetachVolume', signal }, (account) => detachVolume(account, input));
  }

  deleteVolume(volumeId: string, { signal }: Options = {}): Promise<void> {
    return this.call({ action: 'DeleteVolume', signal }, (account) => deleteVolume(account, volumeId));
  }

  createImage(input: storage.CreateImageInput, { signal }: Options = {}): Promise<{ readonly imageId: string }> {
    return this.call({ action: 'CreateImage', signal }, (account) => createImage(account, input));
  }

  deregisterImage(imageId: string, { signal }: Options = {}): Promise<void> {
    return this.call({ action: 'DeregisterImage', signal }, ({ images }) => images.remove(imageId));
  }

  describeSnapshots(input: storage.DescribeSnapshotsInput, { signal }: Options = {}): Promise<readonly storage.Ec2Snapshot[]> {
    return this.call({ action: 'DescribeSnapshots', signal }, ({ snapshots }) => snapshots.describe(input));
  }

  deleteSnapshot(snapshotId: string, { signal }: Options = {}): Promise<void> {
    return this.call({ action: 'DeleteSnapshot', signal }, (account) => deleteSnapshot(account, snapshotId));
  }

  importSnapshot(input: storage.ImportSnapshotInput, { signal }: Options = {}): Promise<{ readonly taskId: string }> {
    return this.call({ action: 'ImportSnapshot', signal }, (account) => importSnapshot(account, input));
  }

  describeImportSnapshotTasks({ signal }: Options = {}): Promise<readonly storage.Ec2ImportTask[]> {
    return this.call({ action: 'DescribeImportSnapshotTasks', signal }, ({ importTasks }) => importTasks.all());
  }

  registerImage(input: storage.RegisterImageInput, { signal }: Options = {}): Promise<{ readonly imageId: string }> {
    return this.call({ action: 'RegisterImage', signal }, (account) => registerImage(account, input));
  }

  createReplaceRootVolumeTask(
    input: storage.ReplaceRootVolumeInput,
    { signal }: Options = {},
  ): Promise<storage.Ec2ReplaceRootVolumeTask> {
    const call = { action: 'CreateReplaceRootVolumeTask', signal };
    return this.call(call, (account) => createReplaceRootVolumeTask(account, input));
  }

  describeReplaceRootVolumeTasks(
    instanceId: string,
    { signal }: Options = {},
  ): Promise<readonly storage.Ec2ReplaceRootVolumeTask[]> {
    const call = { action: 'DescribeReplaceRootVolumeTasks', signal };
    return this.call(call, ({ rootTasks }) => rootTasks.describe(instanceId));
  }

  createSecurityGroup(input: groups.CreateSecurityGroupInput, { signal }: Options = {}): Promise<{ readonly groupId: string }> {
    return this.call({ action: 'CreateSecurityGroup', signal }, ({ securityGroups }) => securityGroups.create(input));
  }

  deleteSecurityGroup(groupId: string, { signal }: Options = {}): Promise<void> {
    return this.call({ action: 'DeleteSecurityGroup', signal }, ({ securityGroups }) => securityGroups.delete(groupId));
  }

  authorizeSecurityGroupIngress(input: groups.GroupRulesInput, { signal }: Options = {}): Promise<void> {
    const call = { action: 'AuthorizeSecurityGroupIngress', signal };
    return this.call(call, ({ securityGroups }) => securityGroups.authorize(input, 'ingress'));
  }

  authorizeSecurityGroupEgress(input: groups.GroupRulesInput, { signal }: Options = {}): Promise<void> {
    const call = { action: 'AuthorizeSecurityGroupEgress', signal };
    return this.call(call, ({ securityGroups }) => securityGroups.authorize(input, 'egress'));
  }

  revokeSecurityGroupIngress(input: groups.GroupRulesInput, { signal }: Options = {}): Promise<void> {
    const call = { action: 'RevokeSecurityGroupIngress', signal };
    return this.call(call, ({ securityGroups }) => securityGroups.revoke(input, 'ingress'));
  }

  revokeSecurityGroupEgress(input: groups.GroupRulesInput, { signal }: Options = {}): Promise<void> {
    const call = { action: 'RevokeSecurityGroupEgress', signal };
    return this.call(call, ({ securityGroups }) => securityGroups.revoke(input, 'egress'));
  }

  protected call<T>(call: GateCall, effect: (account: Account) => T): Promise<T> {
    return this.gate.pass(call, () => {
      this.account.agenda.runDue();
      return effect(this.account);
    });
  }
}
