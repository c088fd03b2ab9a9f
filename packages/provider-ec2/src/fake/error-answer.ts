import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Ec2Error } from '../ports/ec2-api.js';
import { ec2Failure, NO_ANSWER } from './failures.js';
import { send } from './http-kit.js';
import { toXml } from './xml.js';

/** Answers an error in EC2's way; an answer that never comes is a closed connection. What is no Ec2Error is an InternalError. */
export function sendError(response: ServerResponse, error: unknown): void {
  const failure = error instanceof Ec2Error ? error : ec2Failure('InternalError', String(error));
  if (failure.code === NO_ANSWER) {
    response.destroy();
    return;
  }
  const body = toXml('Response', {
    Errors: { Error: { Code: failure.code, Message: failure.message } },
    RequestID: randomUUID(),
  });
  send(response, failure.httpStatus ?? 500, 'text/xml;charset=UTF-8', body);
}
