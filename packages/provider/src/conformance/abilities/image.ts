import { expect } from '@jest/globals';
import { refusalOf } from '../bed.js';
import type { Suite } from '../suite.js';

export function imageSuite(suite: Suite): void {
  suite.ability('resolveImage', ['resolveImage'], (test) => {
    test('answers the same id for the same image, in every replica', { needs: ['replicas'] }, async (bed) => {
      const { image } = bed.aRequest();
      const replica = bed.canDo(await bed.replica());

      const imageId = await bed.can.resolveImage(image);

      expect(imageId).not.toBe('');
      expect(await replica.resolveImage(image)).toBe(imageId);
    });

    test('says invalid or unsupported when there is no image', {}, async (bed) => {
      const image = { ...bed.aRequest().image, id: null, name: null, properties: {} };

      expect(['invalid', 'unsupported']).toContain(await refusalOf(bed.can.resolveImage(image)));
    });

    test('that was aborted before says unavailable', {}, async (bed) => {
      const { image } = bed.aRequest();

      expect(await refusalOf(bed.can.resolveImage(image, { signal: AbortSignal.abort() }))).toBe('unavailable');
    });
  });
}
