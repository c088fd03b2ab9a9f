import { DEFAULT_LIMITS, type SpendingLimits } from './limits.js';

/** What an operator says about the account; the names of the variables are in the package's README. */
export interface AwsTestSettings {
  readonly region: string;
  readonly ami: string;
  readonly subnets: readonly string[];
  /** In place of AWS: an endpoint that takes any keys. */
  readonly endpoint: string | null;
  readonly limits: SpendingLimits;
}

/** What the program hands to the tests; `skip` says why there is nothing to run on. */
export type AwsTestPlan =
  | { readonly skip: string }
  | { readonly run: string; readonly settings: AwsTestSettings; readonly zoneOfSubnet: Readonly<Record<string, string>> };

const PREFIX = 'BURSTCELL_AWS_TEST';
const REQUIRED = ['REGION', 'AMI', 'SUBNET'].map((name) => `${PREFIX}_${name}`);
const PLAN = `${PREFIX}_PLAN`;

/** The settings, or what is missing. Throws for a limit that is no whole number from 1. */
export function readSettings(env: NodeJS.ProcessEnv): AwsTestSettings | { readonly skip: string } {
  if (env[PREFIX] !== '1') return { skip: `${PREFIX}=1 is not set: it would launch machines in a real account` };
  const missing = REQUIRED.filter((name) => !env[name]);
  if (missing.length > 0) return { skip: `${missing.join(', ')} not set` };
  return {
    region: env[`${PREFIX}_REGION`] ?? '',
    ami: env[`${PREFIX}_AMI`] ?? '',
    subnets: (env[`${PREFIX}_SUBNET`] ?? '').split(',').map((subnet) => subnet.trim()),
    endpoint: env[`${PREFIX}_ENDPOINT`] ?? null,
    limits: {
      types: DEFAULT_LIMITS.types,
      machinesAtOnce: limit(env, 'MACHINES_AT_ONCE', DEFAULT_LIMITS.machinesAtOnce),
      machinesInAll: limit(env, 'MACHINES', DEFAULT_LIMITS.machinesInAll),
      machineMinutes: limit(env, 'MACHINE_MINUTES', DEFAULT_LIMITS.machineMinutes),
    },
  };
}

function limit(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[`${PREFIX}_${name}`];
  if (text === undefined || text === '') return otherwise;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new Error(`${PREFIX}_${name} cannot be '${text}'. Write a whole number from 1.`);
}

export function planToEnv(plan: AwsTestPlan): Readonly<Record<string, string>> {
  return { [PLAN]: JSON.stringify(plan) };
}

export function planFromEnv(env: NodeJS.ProcessEnv = process.env): AwsTestPlan {
  const text = env[PLAN];
  return text === undefined ? { skip: 'npm run test:aws runs it' } : (JSON.parse(text) as AwsTestPlan);
}
