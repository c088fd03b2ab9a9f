import { EC2_ERRORS, Ec2Error, errorRow } from '@burstcell/provider-ec2';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FAILURES } from './rows.js';
import { type FailureResult, runFailures } from './run-failures.js';
import { differencesOf, nameOf } from './table.js';

const ALL_MS = 600_000;

describe('every failure of EC2 below a whole cell', () => {
  let results: readonly FailureResult[] = [];

  beforeAll(async () => {
    results = await runFailures();
  }, ALL_MS);

  it.each(FAILURES.map((row) => [nameOf(row), row] as const))('%s ends as wanted', (_name, row) => {
    const result = results.find((each) => each.row === row);

    expect(result === undefined ? ['not run'] : differencesOf(result)).toEqual([]);
  });
});

describe('the table of failures', () => {
  it('has each row of the table of errors', () => {
    const covered = new Set(FAILURES.map(({ code, text }) => errorRow(new Ec2Error(code, text ?? '', 400))));

    // Consoles are asked for, not ordered: no server changes, and who asked is answered.
    const ofVerbs = EC2_ERRORS.filter(({ code }) => !/^(SerialConsole|EC2Instance).*Exception$/.test(code));
    expect(ofVerbs.filter((row) => !covered.has(row)).map(({ code }) => code)).toEqual([]);
  });
});
