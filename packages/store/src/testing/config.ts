/** The server that tests make their databases on: `BURSTCELL_PG_URL`, else the local one without a password. */
export function testServerUrl(): string {
  return process.env.BURSTCELL_PG_URL ?? 'postgresql://postgres@127.0.0.1:5432';
}
