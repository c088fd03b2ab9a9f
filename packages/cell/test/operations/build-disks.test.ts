import { describe, expect, it } from '@jest/globals';
import { type BuildDevice, buildDisks, dataVolumes } from '../../src/operations/build-disks.js';

const EPHEMERAL_GB = 30;

function aDevice(more: Partial<BuildDevice>): BuildDevice {
  const nothing = { source_type: 'blank', destination_type: 'local', boot_index: -1, volume_size: null, volume_id: null };
  return { ...nothing, guest_format: null, delete_on_termination: true, ...more };
}

const disksOf = (...devices: Partial<BuildDevice>[]) => buildDisks(devices.map(aDevice), EPHEMERAL_GB);

describe('the disks of a launch', () => {
  it('are the provider’s to choose where a build says nothing of them', () => {
    expect(disksOf()).toEqual({});
  });

  it('begin with a root disk of an image, as large and as lasting as was asked', () => {
    const root = { source_type: 'image', destination_type: 'volume', boot_index: 0, volume_size: 9 };

    expect(disksOf({ ...root, delete_on_termination: false }).rootDisk).toEqual({ source: 'image', sizeGb: 9, isKept: true });
    expect(disksOf(root).rootDisk).toEqual({ source: 'image', sizeGb: 9, isKept: false });
    expect(disksOf({ ...root, source_type: 'volume' }).rootDisk).toMatchObject({ source: 'volume' });
  });

  it('are empty ones in place of the flavor’s, without swap', () => {
    const swap = { guest_format: 'swap', volume_size: 512 };

    expect(disksOf({ volume_size: 5 }, { volume_size: 7 }, swap).disks).toEqual([
      { sizeGb: 5, isKept: false },
      { sizeGb: 7, isKept: false },
    ]);
    expect(disksOf({}).disks).toEqual([{ sizeGb: EPHEMERAL_GB, isKept: false }]);
    expect(disksOf(swap)).toEqual({ swapMb: 512 });
  });

  it('are empty volumes beside the flavor’s', () => {
    expect(disksOf({ destination_type: 'volume', volume_size: 4, delete_on_termination: false }).disks).toEqual([
      { sizeGb: EPHEMERAL_GB, isKept: false },
      { sizeGb: 4, isKept: true },
    ]);
  });

  it('cannot be made of another image or a snapshot', () => {
    expect(() => disksOf({ source_type: 'image', destination_type: 'volume' })).toThrow('cannot be made here');
    expect(() => disksOf({ source_type: 'snapshot', destination_type: 'volume' })).toThrow('cannot be made here');
  });

  it('leave existing volumes for later', () => {
    const volume = { source_type: 'volume', destination_type: 'volume', volume_id: 'v1' };

    expect(disksOf(volume)).toEqual({});
    expect(dataVolumes([aDevice(volume), aDevice({ ...volume, volume_id: 'root', boot_index: 0 })])).toEqual(['v1']);
  });
});
