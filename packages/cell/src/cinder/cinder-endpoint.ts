import type { VolumeEndpoint } from '../volumes.js';

export interface EndpointOptions {
  /** nova's `[cinder] endpoint_template`: wins over the catalogue. */
  readonly endpointTemplate: string | null;
  /** nova's `[cinder] catalog_info`: `TYPE:NAME:INTERFACE`. */
  readonly catalogInfo: string;
  readonly osRegionName: string | null;
}

/** nova's defaults, newest first: a parent of another release has another one in its catalogue. */
const TYPES = ['volumev3', 'block-storage', 'volumev2', 'volume'];

/** Where cinder is for a project; null: there is none, as far as the options and the request's catalogue tell. */
export function cinderEndpoint(
  options: EndpointOptions,
  endpoints: readonly VolumeEndpoint[],
  project: { readonly requestId: string | null; readonly tokenId: string | null },
): string | null {
  const projectId = project.tokenId ?? project.requestId ?? '';
  if (options.endpointTemplate !== null)
    return bare(options.endpointTemplate.replace(/%\((project_id|tenant_id)\)s/g, projectId));
  const url = fromCatalogue(options, endpoints);
  if (url === null || project.tokenId === null || project.requestId === null) return url;
  return url.replace(project.requestId, project.tokenId);
}

function fromCatalogue({ catalogInfo, osRegionName }: EndpointOptions, endpoints: readonly VolumeEndpoint[]): string | null {
  const [type = '', , face = 'publicURL'] = catalogInfo.split(':');
  const here = endpoints.filter(({ region }) => osRegionName === null || region === osRegionName);
  for (const wanted of [type, ...TYPES]) {
    const url = here.find((endpoint) => endpoint.type === wanted && endpoint.urls[face] !== undefined)?.urls[face];
    if (url !== undefined) return bare(url);
  }
  return null;
}

function bare(url: string): string {
  return url.replace(/\/+$/, '');
}
