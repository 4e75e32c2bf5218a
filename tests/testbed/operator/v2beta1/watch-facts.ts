import type { Pod, Service, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '../../../../cluster/kubernetes/types.ts'
import { ON_SERVING } from '../../../../testbed/operator/emqx5/names.ts'
import type { Emqx } from '../../../../testbed/operator/v2beta1/types.ts'
import type { WatchLine } from '../recording.ts'
import { type Colours, wholeSets } from './colours.ts'
import { statusFact } from './status-fact.ts'

export interface WatchFacts {
  /** The resource's statuses and the sets' sizes. */
  objects: string[]
  services: string[]
  /** Whom the Service of MQTT clients publishes. */
  endpoints: string[]
  /** Readiness gates of whole sets. */
  gates: string[]
  /** What the operator and the set controller say, each once. */
  events: string[]
  /** What happens when traffic moves, across the lists. */
  switch: string[]
}

interface EndpointsObject extends KubeObject {
  subsets?: { addresses?: { targetRef?: { name: string } }[] }[]
}

interface EventObject extends KubeObject {
  type: string
  reason: string
  message: string
  source?: { component?: string }
}

const SPEAKERS = new Set(['emqx-controller', 'statefulset-controller'])

function serviceFact({ metadata, spec }: Service): string {
  const ports = (spec.ports ?? []).map(({ name, port, targetPort }) => `${name}=${port}>${targetPort}`).sort()
  const selector = Object.entries(spec.selector ?? {}).map(([key, value]) => `${key}=${value}`)
  const kind = spec.clusterIP === 'None' ? 'headless' : spec.type
  return `${metadata.name}: ${kind} to ${selector.sort()}, ${ports}`
}

function gateFact(pod: Pod): string | undefined {
  const gate = pod.status?.conditions?.find(({ type }) => type === ON_SERVING)
  if (gate === undefined) return undefined
  // A time that was never set is null on a real server; the emulated one leaves it out.
  return gate.status === '' && !gate.lastTransitionTime ? 'empty since never' : gate.status
}

const isSwitching = ({ status }: Emqx) =>
  status?.conditions?.[0]?.type === 'Available' &&
  status.coreNodesStatus?.currentRevision !== status.coreNodesStatus?.updateRevision

const versionOf = ({ object }: WatchLine) => Number(object.metadata.resourceVersion)

/** What was written, in the order in which the API server took it. */
export function watchFacts(lines: WatchLine[], colours: Colours): WatchFacts {
  const { rename, full } = colours
  const facts: WatchFacts = { objects: [], services: [], endpoints: [], gates: [], events: [], switch: [] }
  /** By kind and name: the last fact of it. */
  const known = new Map<string, string>()
  const isNews = (key: string, fact: string | undefined): fact is string => {
    if (fact === undefined || known.get(key) === fact) return false
    known.set(key, fact)
    return true
  }
  const move = (fact: string) => {
    if (facts.switch.length > 0 && !facts.switch.includes(fact)) facts.switch.push(fact)
  }
  const gates = new Map<string, string>()
  const ofSet = (set: string) => [...gates].filter(([pod]) => pod.startsWith(`${set}-`))

  const readers: Record<string, (object: KubeObject, name: string) => void> = {
    CR(object) {
      const fact = statusFact(object, colours)
      if (isNews('CR', fact)) facts.objects.push(fact)
      if (isSwitching(object as Emqx) && facts.switch.length === 0) facts.switch.push('available')
    },
    StatefulSet(object, name) {
      const fact = rename(`set ${name}: ${(object as StatefulSet).spec.replicas} wanted`)
      if (isNews(name, fact)) facts.objects.push(fact)
    },
    Service(object, name) {
      const fact = serviceFact(object as Service)
      if (isNews(`service ${name}`, fact)) facts.services.push(fact)
    },
    Endpoints(object, name) {
      if (name !== 'emqx-listeners') return
      const [subset] = (object as EndpointsObject).subsets ?? []
      const pods = (subset?.addresses ?? []).map(({ targetRef }) => targetRef?.name ?? '?')
      const fact = wholeSets(pods, colours)
      if (!isNews('endpoints', fact)) return
      facts.endpoints.push(fact)
      move(`endpoints: ${fact}`)
    },
    Pod(object, name) {
      const fact = gateFact(object as Pod)
      if (!isNews(`gate ${name}`, fact)) return
      gates.set(name, fact)
      const set = name.slice(0, name.lastIndexOf('-'))
      const own = ofSet(set)
      if (!full.has(own.length) || own.some(([, gate]) => gate !== fact)) return
      // Who is asked before the members are known is shut out for one look.
      const served = facts.gates.includes(rename(`${own.length} of ${set}: True`))
      if (fact === 'False' && !served) return
      facts.gates.push(rename(`${own.length} of ${set}: ${fact}`))
      move(rename(`gates of ${set}: ${fact}`))
    },
    Event(object) {
      const { source, type, reason, message } = object as EventObject
      if (!SPEAKERS.has(source?.component ?? '')) return
      const fact = rename(`${type} ${reason}: ${message}`)
      if (!facts.events.includes(fact)) facts.events.push(fact)
      if (reason === 'NodeEvacuation') move('evacuation')
    },
  }
  const written = lines.filter(({ type }) => type !== 'DELETED')
  for (const { kind, object } of written.toSorted((a, b) => versionOf(a) - versionOf(b)))
    readers[kind]?.(object, object.metadata.name)
  return facts
}
