import type { ServicePort } from '#weir/cluster/kubernetes/kinds.ts'
import { at, type Hocon, type HoconObject, isObject, parseHocon } from '#weir/facts/hocon.ts'
import { tcpPort } from '../apply.ts'

const DEFAULT_LISTENERS = [
  'listeners.tcp.default.bind = 1883',
  'listeners.ssl.default.bind = 8883',
  'listeners.ws.default.bind = 8083',
  'listeners.wss.default.bind = 8084',
].join('\n')

const DASHBOARD_PORT = 18083

/** The resource's configuration over the operator's own listeners. Throws a HoconError when it is none. */
export const configOf = (data = ''): HoconObject => parseHocon(`${DEFAULT_LISTENERS}\n${data}`)

/** Roots that are not sent to a running EMQX (docs/contract/operator.md#v2beta1-configuration). */
const READ_ONLY = ['node', 'cluster', 'dashboard', 'rpc']

/** The configuration without the read-only roots, and the names of those. */
export function withoutReadOnly(config: HoconObject): { rest: HoconObject; stripped: string[] } {
  const rest = Object.fromEntries(Object.entries(config).filter(([root]) => !READ_ONLY.includes(root)))
  return { rest, stripped: READ_ONLY.filter((root) => root in config) }
}

/** The port of a bind such as 1883, ":1883" or "0.0.0.0:1883"; 0 is none. */
function portOf(bind: Hocon | undefined): number {
  return typeof bind === 'string' ? Number(bind.split(':').at(-1)) || 0 : 0
}

const isOff = (listener: Hocon) => at(listener, 'enable') === 'false' || at(listener, 'enabled') === 'false'
const UDP = new Set(['udp', 'dtls', 'quic'])

function portsOf(listeners: Hocon | undefined, prefix = ''): ServicePort[] {
  if (!isObject(listeners)) return []
  return Object.entries(listeners).flatMap(([type, named]) =>
    Object.entries(isObject(named) ? named : {}).flatMap(([name, listener]) => {
      const port = portOf(at(listener, 'bind'))
      if (port === 0 || isOff(listener)) return []
      const protocol = UDP.has(type) ? 'UDP' : 'TCP'
      return [{ name: `${prefix}${type}-${name}`, protocol, port, targetPort: port }]
    }),
  )
}

/** A port for every listener that is on, of MQTT and of the gateways. */
export function listenerPorts(config: HoconObject): ServicePort[] {
  const gateways = at(config, 'gateway')
  return [
    ...portsOf(at(config, 'listeners')),
    ...Object.entries(isObject(gateways) ? gateways : {}).flatMap(([gateway, its]) =>
      portsOf(at(its, 'listeners'), `${gateway}-`),
    ),
  ]
}

/** The ports of the dashboard, which serve the API too: 18083 for HTTP unless configured otherwise. */
export function dashboardPorts(config: HoconObject): ServicePort[] {
  const bind = (scheme: string) => at(config, 'dashboard', 'listeners', scheme, 'bind')
  const http = bind('http') === undefined ? DASHBOARD_PORT : portOf(bind('http'))
  const all = [tcpPort('dashboard', http), tcpPort('dashboard-https', portOf(bind('https')))]
  return all.filter(({ port }) => port > 0)
}
