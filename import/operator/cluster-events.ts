import type { Evacuation, EvacuationState, RecordEvent, Scrape } from '#weir/facts/index.ts'
import { LIVE_METRIC } from './parameters.ts'
import type { OperatorRecording, SeenObject, Watched } from './recording.ts'

type Clock = (unixSeconds: number) => number

/** The recordings name pods, not EMQX nodes. */
export const nodeOf = (pod: string) => `emqx@${pod}`

/** Sets, pods and the members of the listeners' Service, from the watches. */
export function watchedEvents(recording: OperatorRecording, clock: Clock): RecordEvent[] {
  const name = recording.watched.find((one) => one.kind === 'CR')?.object.metadata?.name ?? ''
  return recording.watched.flatMap((one): RecordEvent[] => {
    const t = clock(one.t)
    if (one.kind === 'StatefulSet' || one.kind === 'ReplicaSet') return [setEvent(one, one.kind, t)]
    if (one.kind === 'Pod') return podEvents(one, t)
    if (one.kind === 'Endpoints' && [name, `${name}-listeners`].includes(one.object.metadata?.name ?? ''))
      return [endpointsEvent(one, t)]
    return []
  })
}

function setEvent(one: Watched, kind: 'StatefulSet' | 'ReplicaSet', t: number): RecordEvent {
  const { metadata, spec, status } = one.object
  return {
    t,
    type: 'set',
    kind,
    name: metadata?.name ?? '',
    createdUnixMs: Date.parse(metadata?.creationTimestamp ?? '') || 0,
    specReplicas: spec?.replicas ?? 0,
    replicas: status?.replicas ?? 0,
    readyReplicas: status?.readyReplicas ?? 0,
    deleted: one.type === 'DELETED',
  }
}

function podEvents(one: Watched, t: number): RecordEvent[] {
  const { metadata, spec, status } = one.object
  const owner = metadata?.ownerReferences?.find(
    (ref) => ref.kind === 'StatefulSet' || ref.kind === 'ReplicaSet',
  )
  if (metadata?.name === undefined || owner === undefined) return []
  const role = metadata.labels?.['apps.emqx.io/db-role']
  const image = (spec?.containers?.find((container) => container.name === 'emqx') ?? spec?.containers?.[0])
    ?.image
  return [
    {
      t,
      type: 'pod',
      name: metadata.name,
      uid: metadata.uid ?? metadata.name,
      set: owner.name,
      node: nodeOf(metadata.name),
      ...(role === 'core' || role === 'replicant' ? { role } : {}),
      ...(status?.podIP === undefined ? {} : { ip: status.podIP }),
      ...(image === undefined ? {} : { image }),
      phase: status?.phase ?? 'Unknown',
      ready: status?.conditions?.some((it) => it.type === 'Ready' && it.status === 'True') ?? false,
      deleting: metadata.deletionTimestamp !== undefined,
      deleted: one.type === 'DELETED',
    },
  ]
}

function endpointsEvent(one: Watched, t: number): RecordEvent {
  const addresses = one.object.subsets?.flatMap((subset) => subset.addresses ?? []) ?? []
  const ready = one.type === 'DELETED' ? [] : addresses.map((it) => it.targetRef?.name ?? it.ip)
  return { t, type: 'endpoints', service: one.object.metadata?.name ?? '', ready: ready.sort() }
}

/** Address of every pod that was seen. */
export function podAddresses(watched: readonly Watched[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const one of watched) {
    const { metadata, status }: SeenObject = one.object
    if (one.kind === 'Pod' && metadata?.name !== undefined && status?.podIP !== undefined)
      found.set(metadata.name, status.podIP)
  }
  return found
}

/** Each poll of a pod as a scrape, and the evacuations known at each moment. */
export function countsOf(
  recording: OperatorRecording,
  clock: Clock,
): { scrapes: Scrape[]; samples: RecordEvent[] } {
  const states = new Map<string, Evacuation>()
  const lookedAt = new Map<string, number>()
  const samples: RecordEvent[] = []
  const lastT = new Map(recording.counts.map((row) => [row.pod, row.t]))

  const scrapes = recording.counts.map((row): Scrape => {
    const t = clock(row.t)
    const before = states.get(row.pod)
    if (row.state === '') states.delete(row.pod)
    else
      states.set(row.pod, {
        node: nodeOf(row.pod),
        state: row.state as EvacuationState,
        connectionEvictionRate: 0,
        sessionEvictionRate: 0,
        recipients: [],
        initialConnected: before?.initialConnected ?? row.live,
        initialSessions: 0,
        currentConnected: row.live,
        currentSessions: 0,
      })
    lookedAt.set(row.pod, t)
    const evacuations = [...states.values()].map((one) => ({ ...one }))
    // The pods were polled one by one: the sample is as old as its oldest poll.
    const tookNs = t - Math.min(...lookedAt.values())
    samples.push({ t, type: 'evacuation', via: row.pod, tookNs, evacuations })
    // A pod that is no longer polled is gone.
    if (lastT.get(row.pod) === row.t) {
      states.delete(row.pod)
      lookedAt.delete(row.pod)
    }
    const metrics = { [LIVE_METRIC]: row.live }
    return { t, tookNs: 0, pod: row.pod, node: nodeOf(row.pod), ok: true, status: 200, metrics }
  })
  return { scrapes, samples }
}
