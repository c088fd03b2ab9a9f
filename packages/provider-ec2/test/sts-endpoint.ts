import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StsEndpoint {
  readonly url: string;
  /** What was asked of STS. */
  readonly assumed: URLSearchParams[];
  /** Access keys that EC2 calls were signed with. */
  readonly signedBy: string[];
  close(): void;
}

export interface StsAnswers {
  /** Of each AssumeRole's credentials. Default: an hour. */
  readonly expireMs?: number;
  readonly refusal?: { readonly status: number; readonly code: string; readonly message: string };
}

/** STS and EC2 in one endpoint: roles as told, and a region without zones. */
export async function anStsEndpoint(answers: StsAnswers = {}): Promise<StsEndpoint> {
  const assumed: URLSearchParams[] = [];
  const signedBy: string[] = [];
  const server = createServer(async (request, response) => {
    const form = await readForm(request);
    if (form.get('Action') === 'AssumeRole') {
      assumed.push(form);
      assumeRole(response, answers, assumed.length);
    } else {
      signedBy.push(/Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '');
      answer(response, 200, `<${form.get('Action')}Response><requestId>r</requestId></${form.get('Action')}Response>`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, assumed, signedBy, close: () => end(server) };
}

function assumeRole(response: ServerResponse, { expireMs = 3_600_000, refusal }: StsAnswers, serial: number): void {
  if (refusal) {
    const error = `<Error><Type>Sender</Type><Code>${refusal.code}</Code><Message>${refusal.message}</Message></Error>`;
    answer(response, refusal.status, `<ErrorResponse>${error}<RequestId>r</RequestId></ErrorResponse>`);
    return;
  }
  const expiration = new Date(Date.now() + expireMs).toISOString();
  const keys = `<AccessKeyId>ASIAROLE${serial}</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey>`;
  const credentials = `<Credentials>${keys}<SessionToken>role-token</SessionToken><Expiration>${expiration}</Expiration></Credentials>`;
  answer(
    response,
    200,
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>${credentials}</AssumeRoleResult></AssumeRoleResponse>`,
  );
}

function answer(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
}

function end(server: Server): void {
  server.closeAllConnections();
  server.close();
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  request.setEncoding('utf8');
  let text = '';
  for await (const part of request) text += String(part);
  return new URLSearchParams(text);
}
