export { AmqpTransport } from './amqp/transport.js';
export {
  formatTransportUrl,
  type ParsedTransportUrl,
  parseTransportUrl,
  redactTransportUrl,
  type TransportHost,
} from './amqp/transport-url.js';
export type {
  Backoff,
  Consumer,
  ConsumerOptions,
  Delivery,
  ExchangeDeclaration,
  PublishOptions,
  QueueDeclaration,
  Topology,
  TransportLog,
  TransportOptions,
  TransportState,
  TransportStateName,
} from './amqp/types.js';
export {
  actionAnswer,
  actionEventsAnswer,
  actionsAnswer,
  computeNodeAnswer,
  computeNodeListAnswer,
  computeNodeStatsAnswer,
  consoleAnswer,
  hostServiceAnswer,
  migrationsAnswer,
  type NodeWithService,
  serviceAnswer,
  serviceListAnswer,
  taskLogAnswer,
} from './answers/answers.js';
export type {
  ActionEventRow,
  ActionRow,
  ComputeNodeRow,
  ConsoleConnection,
  MigrationRow,
  ServiceRow,
  TaskLogRow,
} from './answers/rows.js';
export { type DetectedRelease, detectRelease, type ReleaseHints } from './dialects/detect.js';
export type { Adoption, Dialect, Guard } from './dialects/dialect.js';
export { dialectOf } from './dialects/index.js';
export type { AnswerRule } from './dialects/method-table.js';
export {
  type ArgumentKind,
  type ArgumentSpec,
  type ComputeApiMethodSpec,
  computeApiMethodsOf,
  type MethodSpec,
  methodOf,
  methodsOf,
} from './dialects/methods.js';
export { isRelease, RELEASES, type Release, releasesFrom } from './dialects/release.js';
export { TransportError, type TransportErrorKind, WireError, type WireErrorKind } from './errors.js';
export { type Call, type ComputeApiCall, checkCall, uuidOfInstance } from './intercell/call.js';
export {
  castOf,
  DEFAULT_EXCHANGE,
  DEFAULT_QUEUE_BASE,
  hintsOf,
  INTERCELL_VERSION,
  type InterCellNames,
  interCellMessageOf,
  intercellTargets,
  PROCESS_MESSAGE,
  topologyOf,
} from './intercell/intercell.js';
export {
  DEFAULT_MAX_HOP_COUNT,
  type Direction,
  decodeInterCell,
  encodeInterCell,
  type InterCellMessage,
  isUuid,
  type MessageType,
  type NewMessage,
  newBroadcastUp,
  newTargetedUp,
} from './intercell/message.js';
export {
  type Answer,
  answerItem,
  bareItem,
  decodeResponse,
  type Response,
  type ResponseItem,
  responseTo,
  responseWith,
} from './intercell/response.js';
export { arrive, broadcastTargets, forwarded, type Neighbours, type Route, route } from './intercell/routing.js';
export { joinPath, PATH_SEPARATOR, reversePath, splitPath } from './intercell/routing-path.js';
export {
  isJsonObject,
  JsonError,
  type JsonObject,
  type JsonValue,
  type ParseOptions,
  parseJson,
  type StringifyOptions,
  stringifyJson,
} from './json/json.js';
export {
  dataOf,
  decodeObject,
  decodeValue,
  type EncodeOptions,
  encodeObject,
  isObjectPrimitive,
  toPrimitive,
} from './objects/codec.js';
export { manifest, type ObjectField, type ObjectSchema, objectSchema } from './objects/manifest.js';
export { type FieldInput, type NovaField, NovaObject, ObjectInput } from './objects/object.js';
export { adminContext, checkContext, contextAgeMs, flattenContext, type RequestContext } from './rpc/context.js';
export { openEnvelope, sealEnvelope } from './rpc/envelope.js';
export { nova, type RefusalKind, refusal } from './rpc/nova-errors.js';
export { RecentIds } from './rpc/recent-ids.js';
export {
  BUILTIN_EXCEPTIONS,
  builtinError,
  cellMaxHopCountReached,
  cellRoutingInconsistency,
  decodeFailure,
  encodeFailure,
  NOVA_EXCEPTIONS,
  novaError,
  RemoteError,
  type RemoteErrorFields,
} from './rpc/remote-error.js';
export { REPLY_FORMS, type ReplyForm } from './rpc/reply-form.js';
export {
  type CallOptions,
  type CastOptions,
  type RpcCall,
  RpcClient,
  type RpcClientOptions,
  type SendTarget,
} from './rpc/rpc-client.js';
export { RpcServer } from './rpc/rpc-server.js';
export type { RejectedDelivery, ReplyPort, RpcRequest, RpcServerOptions, RpcTarget, TopologyFlags } from './rpc/types.js';
export { formatDictTime, formatObjectTime, parseTime } from './time.js';
export { adoptionParts, encodeAdopted, encodeAdoption } from './top/adoption.js';
export { VM_STATES } from './top/instance-columns.js';
export { encodeInstanceDestroy, encodeInstanceUpdate } from './top/instance-update.js';
export { type JudgeOptions, judgeUp, type Violation } from './top/judge.js';
export { networkInfoText } from './top/network-info.js';
export type {
  AdoptedReport,
  AdoptionReport,
  BandwidthReport,
  BdmReport,
  FaultReport,
  FlavorReport,
  InstanceReport,
  UpCall,
} from './top/reports.js';
export {
  type CapacityUnits,
  encodeBandwidth,
  encodeBdm,
  encodeBdmDestroy,
  encodeCapabilities,
  encodeCapacities,
  encodeFault,
  encodeKeypairRequest,
} from './top/up-calls.js';
