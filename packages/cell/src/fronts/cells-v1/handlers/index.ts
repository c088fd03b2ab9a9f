import { actionEventsGet, actionGetByRequestId, actionsGet } from './actions.js';
import { announceCapabilities, announceCapacities } from './announce.js';
import { buildInstances } from './build-instances.js';
import { runComputeApiMethod } from './compute-api.js';
import { computeNodeGet, computeNodeGetAll, computeNodeStats } from './compute-nodes.js';
import type { Handler } from './handler.js';
import { instanceDeleteEverywhere } from './instance-delete-everywhere.js';
import { instanceUpdateFromApi } from './instance-update-from-api.js';
import { instanceVerbs } from './instance-verbs.js';
import { validateConsolePort } from './questions.js';
import { refusals } from './refusals.js';
import { getMigrations, taskLogGetAll } from './reports.js';
import { scheduleRunInstance } from './schedule-run-instance.js';
import { serviceDelete, serviceGetAll, serviceGetByComputeHost, serviceUpdate } from './services.js';
import { syncInstances } from './sync-instances.js';

const ALL: readonly Handler[] = [
  announceCapabilities,
  announceCapacities,
  buildInstances,
  scheduleRunInstance,
  runComputeApiMethod,
  ...instanceVerbs,
  instanceUpdateFromApi,
  instanceDeleteEverywhere,
  syncInstances,
  actionsGet,
  actionGetByRequestId,
  actionEventsGet,
  serviceGetAll,
  serviceGetByComputeHost,
  serviceUpdate,
  serviceDelete,
  computeNodeGet,
  computeNodeGetAll,
  computeNodeStats,
  getMigrations,
  taskLogGetAll,
  validateConsolePort,
  ...refusals,
];

/** Every method a parent can send, by its wire name. */
export const handlers: ReadonlyMap<string, Handler> = new Map(ALL.map((handler) => [handler.method, handler]));
