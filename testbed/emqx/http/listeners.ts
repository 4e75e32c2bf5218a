import { at, type HoconObject, parseHocon } from '#weir/facts/hocon.ts'
import type { VersionProfile } from '../version.ts'
import { type HttpPort, isHttp, type Listener } from './management-api.ts'
import { apiOf } from './server.ts'

/** What a node is configured by: the variables of its process, and for EMQX 5 its file, in HOCON. */
export interface Configured {
  env: ReadonlyMap<string, string>
  configuration?: string | undefined
}

const SCHEMES = ['http', 'https'] as const
type Scheme = (typeof SCHEMES)[number]

/** The ports that a node opens: those of MQTT as EMQX has them by default, those of its API as it is configured. Https is off by default. */
export function listenersOf(version: VersionProfile, configured: Configured): Listener[] {
  const bindOf = version.api === 'v4' ? binds4(configured) : binds5(configured)
  return apiOf(version).listeners.flatMap((listener): Listener[] => {
    if (!isHttp(listener)) return [listener]
    return SCHEMES.flatMap((serves) => {
      const port = portOf(bindOf(listener.of, serves)) ?? (serves === 'http' ? listener.port : 0)
      return port === 0 ? [] : [{ ...listener, serves, port }]
    })
  })
}

type BindOf = (of: HttpPort['of'], scheme: Scheme) => string | undefined

/** `dashboard.listener.http` and `management.listener.http` in the environment. */
const binds4 =
  ({ env }: Configured): BindOf =>
  (of, scheme) =>
    env.get(`EMQX_${of}__LISTENER__${scheme}`.toUpperCase())

/** `dashboard.listeners.http.bind`: the environment over the file. */
function binds5({ env, configuration = '' }: Configured): BindOf {
  const config = parsed(configuration)
  return (_of, scheme) => {
    const bind = at(config, 'dashboard', 'listeners', scheme, 'bind')
    const set = env.get(`EMQX_DASHBOARD__LISTENERS__${scheme}__BIND`.toUpperCase())
    return set?.replace(/^"(.*)"$/, '$1') ?? (typeof bind === 'string' ? bind : undefined)
  }
}

/** The port of a bind such as 18083, ":18083" or "0.0.0.0:18083"; 0 is off. */
function portOf(bind: string | undefined): number | undefined {
  return bind === undefined ? undefined : Number(bind.split(':').at(-1)) || 0
}

function parsed(configuration: string): HoconObject {
  try {
    return parseHocon(configuration)
  } catch {
    // The operator refuses it before any node starts.
    return {}
  }
}
