import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { type FieldError, invalidValue } from '../field-error.ts'
import { type JsonObject, listAt, numberAt, textAt } from '../json.ts'

export interface ServiceRanges {
  nodePorts: { first: number; last: number }
  /** First three parts of the addresses that Services get, with the dot: "127.3.7.". */
  clusterIpPrefix: string
  /** A number in [0, 1): where the search for a free node port begins. */
  random(): number
}

const FIRST_HOST = 2
const LAST_HOST = 254

/** Gives the Service an address unless it has one or wants none ("None"); a taken one is refused. */
export function allocateAddress(
  service: KubeObject,
  others: KubeObject[],
  ranges: ServiceRanges,
): FieldError[] {
  const spec = service.spec as JsonObject
  const taken = new Set(others.map((other) => textAt(other, 'spec', 'clusterIP')))
  const wanted = textAt(spec, 'clusterIP') || listAt<string>(spec, 'clusterIPs')[0]
  if (wanted === 'None') {
    spec.clusterIP = 'None'
    spec.clusterIPs = ['None']
    return []
  }
  if (wanted && taken.has(wanted))
    return [
      invalidValue(
        'spec.clusterIPs',
        [wanted],
        `failed to allocate IP ${wanted}: provided IP is already allocated`,
      ),
    ]
  const address = wanted ?? freeAddress(taken, ranges.clusterIpPrefix)
  if (!address) return [invalidValue('spec.clusterIPs', [], 'failed to allocate a serviceIP: range is full')]
  spec.clusterIP = address
  spec.clusterIPs = [address]
  return []
}

function freeAddress(taken: Set<string | undefined>, prefix: string): string | undefined {
  for (let host = FIRST_HOST; host <= LAST_HOST; host++)
    if (!taken.has(`${prefix}${host}`)) return `${prefix}${host}`
  return undefined
}

/** Gives each port a free node port unless it names one; one that is taken or out of range is refused. */
export function allocateNodePorts(
  service: KubeObject,
  others: KubeObject[],
  ranges: ServiceRanges,
): FieldError[] {
  const { first, last } = ranges.nodePorts
  const taken = new Set(others.flatMap(nodePortsOf))
  const ports = listAt(service, 'spec', 'ports')
  const errors: FieldError[] = []
  ports.forEach((port, i) => {
    const wanted = numberAt(port, 'nodePort') ?? 0
    if (wanted === 0) return
    const field = `spec.ports[${i}].nodePort`
    if (wanted < first || wanted > last)
      errors.push(
        invalidValue(
          field,
          wanted,
          `provided port is not in the valid range. The range of valid ports is ${first}-${last}`,
        ),
      )
    else if (taken.has(wanted)) errors.push(invalidValue(field, wanted, 'provided port is already allocated'))
    else taken.add(wanted)
  })
  if (errors.length > 0) return errors
  for (const port of ports) {
    if (port.nodePort) continue
    const free = freePort(taken, ranges)
    if (free === undefined)
      return [invalidValue('spec.ports', [], 'failed to allocate a nodePort: range is full')]
    port.nodePort = free
    taken.add(free)
  }
  return []
}

const nodePortsOf = (service: KubeObject) =>
  listAt(service, 'spec', 'ports').map((port) => numberAt(port, 'nodePort') ?? 0)

function freePort(
  taken: Set<number>,
  { nodePorts: { first, last }, random }: ServiceRanges,
): number | undefined {
  const size = last - first + 1
  const start = Math.floor(random() * size)
  for (let i = 0; i < size; i++) {
    const port = first + ((start + i) % size)
    if (!taken.has(port)) return port
  }
  return undefined
}
