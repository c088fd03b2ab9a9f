import { Ec2Error } from '../ports/ec2-api.js';

/** HTTP statuses of EC2's codes that are not 400 (AWS: "Error codes for the Amazon EC2 API"). */
const STATUSES: Readonly<Record<string, number>> = {
  AuthFailure: 401,
  OptInRequired: 401,
  UnauthorizedOperation: 403,
  DryRunOperation: 412,
  InsufficientAddressCapacity: 500,
  InsufficientHostCapacity: 500,
  InsufficientInstanceCapacity: 500,
  InternalError: 500,
  InternalFailure: 500,
  UnfulfillableCapacity: 500,
  RequestLimitExceeded: 503,
  ServiceUnavailable: 503,
  Throttling: 503,
  EC2ThrottledException: 503,
  Unavailable: 503,
};

/** The code of an answer that never came. Over HTTP it is a closed connection. */
export const NO_ANSWER = 'NetworkingError';

/** An error as EC2 answers it. `NetworkingError` has no status: nothing was answered. */
export function ec2Failure(code: string, message: string, options?: ErrorOptions): Ec2Error {
  return new Ec2Error(code, message, code === NO_ANSWER ? null : (STATUSES[code] ?? 400), options);
}
