import { emqxContainer } from '#weir/facts/index.ts'
import type { Container, Pod } from '../kubernetes/kinds.ts'

const SCHEMES = ['http', 'https'] as const
export type Scheme = (typeof SCHEMES)[number]

/** EMQX 4.4 has two listeners for its HTTP API; of EMQX 5 the dashboard's serves it. */
export type ApiListenerName = 'dashboard' | 'management'

/** A listener of the API, as containers and EMQX's configuration name it. */
export interface ApiListener {
  name: ApiListenerName
  /** Where it is by default, by HTTP. By HTTPS it is off by default. */
  port: number
  /** What ports of containers are called. */
  portName: Record<Scheme, RegExp>
  /** The variables of the environment that move it. */
  variable: Record<Scheme, string>
}

/** Where a pod serves EMQX's HTTP API, and how that is known. */
export interface Endpoint {
  scheme: Scheme
  port: number
  /** e.g. "container port dashboard"; completes "by its". */
  from: string
  /** Nothing names a port, so EMQX's own was taken. */
  isDefault?: true
}

/** What a resource says of a listener: a port, an address with a port, or 0 for none. */
export type BindOf = (listener: ApiListenerName, scheme: Scheme) => string | undefined

/**
 * Where a pod has a listener of the API: as the container's environment says, which is over everything in EMQX itself; else as its ports are
 * named; else as the resource configures it; else EMQX's default. HTTP where there is both, unless `prefersTls`.
 */
export function endpointOf(
  listener: ApiListener,
  { pod, bindOf }: { pod?: Pod | undefined; bindOf: BindOf },
  prefersTls: boolean,
): Endpoint {
  const container = emqxContainer(pod?.spec?.containers)
  const found = {
    http: bound(listener, 'http', container, bindOf),
    https: bound(listener, 'https', container, bindOf),
  }
  const order: readonly Scheme[] = prefersTls ? ['https', 'http'] : SCHEMES
  for (const scheme of order) {
    const one = found[scheme]
    if (one && one.port > 0) return { scheme, ...one }
  }
  return { scheme: 'http', port: listener.port, from: `EMQX's default port`, isDefault: true }
}

function bound(
  listener: ApiListener,
  scheme: Scheme,
  container: Container | undefined,
  bindOf: BindOf,
): { port: number; from: string } | undefined {
  const variable = listener.variable[scheme]
  const set = portOf(container?.env?.find(({ name }) => name === variable)?.value)
  if (set !== undefined) return { port: set, from: `variable ${variable}` }
  const named = container?.ports?.find(({ name = '' }) => listener.portName[scheme].test(name))
  if (named) return { port: named.containerPort, from: `container port ${named.name}` }
  const configured = portOf(bindOf(listener.name, scheme))
  return configured === undefined ? undefined : { port: configured, from: 'configuration in the resource' }
}

/** Of 18083, ":18083", "0.0.0.0:18083" and "[::]:18083", in quotes or without. */
function portOf(bind: string | undefined): number | undefined {
  const digits = /^"?(?:.*:)?(\d{1,5})"?$/.exec(bind?.trim() ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}
