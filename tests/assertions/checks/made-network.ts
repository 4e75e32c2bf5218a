/** A small record of a change of the network: what was asked, what of the Service was seen, and which addresses were tried. */
import type { AskedPort, NetworkEvent, RecordEvent, TrialEvent } from '#weir/facts/index.ts'
import { fleetOf, type RunRecord, recordOf } from '#weir/record/index.ts'
import { podEvent, S } from './made-events.ts'
import { parameters } from './made-run.ts'

export const TRIGGER = 20 * S
const SERVICE = 'emqx-external'
export const TCP: AskedPort = { listener: 'mqtt-tcp', name: 'mqtt-tcp', target: 1883, port: 1883 }
const SSL: AskedPort = { listener: 'mqtt-ssl', name: 'mqtt-ssl', target: 8883, port: 18883 }
const BALANCED = { loadBalancer: { ingress: [{ ip: '10.0.0.9' }] } }

export interface Seen {
  /** Seconds after the change. */
  at: number
  gone?: true
  type?: string
  ports?: object[]
  annotations?: Record<string, string>
  status?: object
}

export interface Change {
  asked?: Partial<NetworkEvent>
  seen?: Seen[]
  trials?: Partial<TrialEvent>[]
  end?: number
  more?: RecordEvent[]
}

export const nodePorts = [
  { name: 'mqtt-tcp', port: 1883, targetPort: 1883, nodePort: 30_001 },
  { name: 'mqtt-ssl', port: 18_883, targetPort: 8883, nodePort: 30_002 },
]
export const right: Seen = { at: 0.2, type: 'NodePort', ports: nodePorts }

export function service({ at, gone, type, ports, annotations, status }: Seen): RecordEvent {
  const object = { metadata: { annotations }, spec: { type, ports }, status }
  const event = gone ? 'DELETED' : 'MODIFIED'
  return { t: TRIGGER + at * S, type: 'watch', kind: 'Service', event, name: SERVICE, object }
}

const trial = (changes: Partial<TrialEvent> = {}, i = 0): RecordEvent => ({
  ...{ t: TRIGGER + (2 + i) * S, type: 'trial', kind: 'node-port', host: '10.0.0.1', port: 30_001 },
  ...{ service: SERVICE, what: 'mqtt-tcp', outcome: 'served', tookNs: 1e6 },
  // A port of the Service is named after its listener.
  name: changes.what ?? 'mqtt-tcp',
  ...changes,
})

export const SERVED: Partial<TrialEvent>[] = [{}, { port: 30_002, what: 'mqtt-ssl' }]

export function made({ asked, seen = [right], trials = SERVED, end = 100, more = [] }: Change): RunRecord {
  const network: NetworkEvent = {
    ...{ t: TRIGGER + 1, type: 'network', service: SERVICE, by: 'weir', network: 'NodePort', tookNs: 1 },
    ...{ ports: [TCP, SSL], annotations: {}, removed: [], otherAnnotations: false },
    ...asked,
  }
  const events: RecordEvent[] = [
    podEvent('blue-0', 0.5 * S),
    { t: TRIGGER, type: 'mark', name: 'trigger' },
    network,
    ...seen.map(service),
    ...trials.map(trial),
    ...more,
    { t: TRIGGER + end * S, type: 'mark', name: 'fleet-stopping' },
  ]
  return recordOf({
    parameters: parameters({ clients: 0, nodes: 1 }),
    manifest: { end: { t: TRIGGER + end * S, how: 'completed' } },
    fleet: fleetOf(0, []),
    clients: [],
    events: events.sort((a, b) => a.t - b.t),
    scrapes: [],
  })
}

export const balancer: Partial<NetworkEvent> = { network: 'LoadBalancer', annotations: { spec: 'small' } }
export const balanced: Seen = {
  ...right,
  type: 'LoadBalancer',
  annotations: { spec: 'small', clouds: 'own' },
  status: BALANCED,
}
export const back: Partial<NetworkEvent> = { network: 'ClusterIP', ports: [] }
export const INSIDE: Partial<TrialEvent> = {
  ...{ kind: 'cluster-ip', host: '10.1.0.1', port: 1883, service: 'emqx-listeners' },
}
export const INSIDE_BEFORE: Partial<TrialEvent> = { ...INSIDE, t: TRIGGER - S }
export const closed: Partial<TrialEvent>[] = SERVED.map((one) => ({ ...one, outcome: 'closed' }))
export const onBalancer = (changes: Partial<TrialEvent>): Partial<TrialEvent> => ({
  ...{ kind: 'load-balancer', host: '10.0.0.9' },
  ...changes,
})
export const BALANCED_TRIALS = [
  onBalancer({ port: 1883 }),
  onBalancer({ port: 18_883, what: 'mqtt-ssl' }),
  onBalancer({ port: 18_083, what: 'management', service: undefined, outcome: 'closed' }),
]
