import { Failure } from './failure.js';

/** The volume service does not give the volume to this instance: nothing was changed there. */
export class VolumeNotFree extends Failure {
  constructor(
    readonly volumeId: string,
    status: string,
    wanted: string,
  ) {
    super('invalid', `The volume is ${status}; it must be ${wanted}.`, 400);
  }
}
