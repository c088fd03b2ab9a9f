import type { Ini } from './ini.js';

/** What both cells of a bed are told in the same words. */
export interface CommonFacts {
  stateFolder: string;
  /** `rabbit://user:password@host:port/vhost` */
  transportUrl: string;
  /** SQLAlchemy's URLs. */
  databaseUrl: string;
  apiDatabaseUrl: string;
  imageUrl: string;
}

export interface ParentFacts extends CommonFacts {
  cellName: string;
  apiPort: number;
  identityUrl: string;
  pasteFile: string;
}

/** Options any nova of a bed has: small pools (the server is shared), no quota, no network service, nothing notified. */
export function commonConf(host: string, facts: CommonFacts): Ini {
  const pool = { max_pool_size: 4, max_overflow: 8 };
  return {
    DEFAULT: {
      host,
      my_ip: '127.0.0.1',
      state_path: facts.stateFolder,
      transport_url: facts.transportUrl,
      use_neutron: false,
      firewall_driver: 'nova.virt.firewall.NoopFirewallDriver',
      ...{ quota_instances: -1, quota_cores: -1, quota_ram: -1, quota_key_pairs: -1 },
    },
    database: { connection: facts.databaseUrl, ...pool },
    api_database: { connection: facts.apiDatabaseUrl, ...pool },
    glance: { api_servers: facts.imageUrl },
    // Ocata and older look for volumev2 by themselves.
    cinder: { catalog_info: 'volumev3:cinderv3:publicURL' },
    oslo_concurrency: { lock_path: `${facts.stateFolder}/lock` },
    oslo_messaging_notifications: { driver: 'noop' },
    vnc: { enabled: true },
    // Rocky hands out console tokens by itself unless told to ask nova-consoleauth, and cells v1 knows only that.
    workarounds: { enable_consoleauth: true },
  };
}

/** nova.conf of an API cell: the lines an operator of cells v1 has, and the real identity middleware before the API. */
export function parentConf(facts: ParentFacts): Ini {
  const conf = commonConf('parent', facts);
  return {
    ...conf,
    DEFAULT: {
      ...conf.DEFAULT,
      enabled_apis: 'osapi_compute',
      osapi_compute_listen: '127.0.0.1',
      osapi_compute_listen_port: facts.apiPort,
      osapi_compute_workers: 1,
      allow_resize_to_same_host: true,
    },
    api: { auth_strategy: 'keystone' },
    wsgi: { api_paste_config: facts.pasteFile },
    keystone_authtoken: {
      auth_type: 'password',
      auth_url: facts.identityUrl,
      auth_uri: facts.identityUrl,
      ...{ username: 'admin', password: 'any', project_name: 'service' },
      ...{ user_domain_id: 'default', project_domain_id: 'default' },
    },
    cells: { enable: true, name: facts.cellName, cell_type: 'api' },
  };
}

/** The API's pipeline: nova's own middleware, in the order of its sample file, without what needs packages of its own. */
export function pasteConf(): Ini {
  const factory = (name: string): { 'paste.filter_factory': string } => ({ 'paste.filter_factory': name });
  return {
    'composite:osapi_compute': { use: 'call:nova.api.openstack.urlmap:urlmap_factory', '/': 'versions', '/v2.1': 'v21' },
    'pipeline:versions': { pipeline: 'faultwrap versionsapp' },
    'pipeline:v21': { pipeline: 'http_proxy_to_wsgi compute_req_id faultwrap sizelimit authtoken keystonecontext v21app' },
    'app:versionsapp': { 'paste.app_factory': 'nova.api.openstack.compute.versions:Versions.factory' },
    'app:v21app': { 'paste.app_factory': 'nova.api.openstack.compute:APIRouterV21.factory' },
    'filter:compute_req_id': factory('nova.api.compute_req_id:ComputeReqIdMiddleware.factory'),
    'filter:faultwrap': factory('nova.api.openstack:FaultWrapper.factory'),
    'filter:sizelimit': factory('oslo_middleware:RequestBodySizeLimiter.factory'),
    'filter:http_proxy_to_wsgi': factory('oslo_middleware.http_proxy_to_wsgi:HTTPProxyToWSGI.factory'),
    'filter:keystonecontext': factory('nova.api.auth:NovaKeystoneContext.factory'),
    'filter:authtoken': factory('keystonemiddleware.auth_token:filter_factory'),
  };
}
