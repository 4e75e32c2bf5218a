import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { at, isObject, listAt, numberAt, textAt } from '../json.ts'
import { AGE, NAME, type TableShape, text, wide } from './column.ts'

function externalIp(service: KubeObject): string {
  if (textAt(service, 'spec', 'type') !== 'LoadBalancer')
    return listAt<string>(service, 'spec', 'externalIPs').join(',') || '<none>'
  const ingress = listAt(service, 'status', 'loadBalancer', 'ingress')
  return ingress.map((entry) => entry.ip ?? entry.hostname).join(',') || '<pending>'
}

const servicePorts = (service: KubeObject) =>
  listAt(service, 'spec', 'ports')
    .map(({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol ?? 'TCP'}`)
    .join(',') || '<none>'

export const labelsText = (labels: unknown): string =>
  isObject(labels) && Object.keys(labels).length > 0
    ? Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(',')
    : '<none>'

export const serviceTable: TableShape = [
  NAME,
  text('Type', (service) => textAt(service, 'spec', 'type')),
  text('Cluster-IP', (service) => textAt(service, 'spec', 'clusterIP') || '<none>'),
  text('External-IP', externalIp),
  text('Port(s)', servicePorts),
  AGE,
  wide(text('Selector', (service) => labelsText(at(service, 'spec', 'selector')))),
]

const MOST = 3
const someOf = (items: string[]) =>
  items.length === 0
    ? undefined
    : `${items.slice(0, MOST).join(',')}${items.length > MOST ? ` + ${items.length - MOST} more...` : ''}`

const addresses = (endpoints: KubeObject) =>
  someOf(
    listAt(endpoints, 'subsets').flatMap((subset) => {
      const ports = listAt(subset, 'ports').map((port) => numberAt(port, 'port'))
      const hosts = listAt(subset, 'addresses').map((address) => textAt(address, 'ip'))
      return ports.length === 0
        ? hosts.map(String)
        : ports.flatMap((port) => hosts.map((host) => `${host}:${port}`))
    }),
  ) ?? '<none>'

export const endpointsTable: TableShape = [NAME, text('Endpoints', addresses), AGE]

export const endpointSliceTable: TableShape = [
  NAME,
  text('AddressType', (slice) => textAt(slice, 'addressType')),
  text(
    'Ports',
    (slice) => someOf(listAt(slice, 'ports').map((port) => String(port.port ?? '*'))) ?? '<unset>',
  ),
  text(
    'Endpoints',
    (slice) =>
      someOf(listAt(slice, 'endpoints').flatMap((each) => listAt<string>(each, 'addresses'))) ?? '<unset>',
  ),
  AGE,
]
