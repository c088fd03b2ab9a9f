import type { Ec2ImportTask, Ec2ReplaceRootVolumeTask, Ec2Snapshot, Ec2Volume } from '../ports/ec2-storage-api.js';
import { OWNER_ID } from './fake-options.js';
import type { XmlTree } from './xml.js';
import { tagSet } from './xml-views.js';

export function volumeXml({ volumeId, zone, sizeGb, state, attachments, tags }: Ec2Volume): XmlTree {
  return {
    volumeId,
    size: sizeGb,
    availabilityZone: zone,
    status: state,
    attachmentSet: attachments.map(({ instanceId, device, state: status }) => ({ volumeId, instanceId, device, status })),
    tagSet: tagSet(tags),
  };
}

export function snapshotXml({ snapshotId, description, state, sizeGb, progress, tags }: Ec2Snapshot): XmlTree {
  return {
    snapshotId,
    ownerId: OWNER_ID,
    volumeSize: sizeGb,
    status: state,
    description,
    progress: progress === undefined ? undefined : `${progress}%`,
    tagSet: tagSet(tags),
  };
}

export function taskXml({ taskId, instanceId, state, tags }: Ec2ReplaceRootVolumeTask): XmlTree {
  return { replaceRootVolumeTaskId: taskId, instanceId, taskState: state, tagSet: tagSet(tags) };
}

export function importTaskXml({ taskId, state, message, progress, snapshotId, tags }: Ec2ImportTask): XmlTree {
  return {
    importTaskId: taskId,
    snapshotTaskDetail: { status: state, statusMessage: message, progress, snapshotId },
    tagSet: tagSet(tags),
  };
}
