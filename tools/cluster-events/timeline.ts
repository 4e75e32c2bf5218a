import type { RecordEvent } from '#weir/facts/index.ts'
import { Names } from './names.ts'

export interface Line {
  /** After the trigger; before it negative. */
  seconds: number
  text: string
}

/**
 * What happened in the cluster of a run, one line for each change: pods, sets, the resource's condition, the Service's endpoints, states
 * of evacuations, Kubernetes Events. Without what only repeats.
 */
export function timelineOf(events: readonly RecordEvent[]): Line[] {
  const names = new Names()
  const trigger = events.find((event) => event.type === 'mark' && event.name === 'trigger')?.t ?? 0
  const shown = new Map<string, string>()
  const lines: Line[] = []
  for (const event of [...events].sort((left, right) => left.t - right.t)) {
    if (event.type === 'set') names.learnSet(event.name)
    if (event.type === 'pod') names.learnPod(event.name)
    for (const [subject, state] of statesOf(event, names)) {
      if (shown.get(subject) === state) continue
      shown.set(subject, state)
      lines.push({ seconds: (event.t - trigger) / 1e9, text: names.of(`${subject}: ${state}`) })
    }
  }
  return lines
}

/** What an event says of each of its subjects. */
function statesOf(event: RecordEvent, names: Names): [subject: string, state: string][] {
  switch (event.type) {
    case 'set': {
      const { specReplicas, readyReplicas, deleted } = event
      const state = deleted ? 'deleted' : `${specReplicas} wanted, ${readyReplicas} ready`
      return [[`${event.kind} ${event.name}`, state]]
    }
    case 'pod': {
      const { phase, ready, deleting, deleted } = event
      const state = deleted ? 'deleted' : `${phase}${ready ? ', ready' : ''}${deleting ? ', deleting' : ''}`
      return [[`Pod ${event.name}`, state]]
    }
    case 'endpoints':
      // In the order of the comparable names: that of the hashes is another in each run.
      return [
        [
          `Service ${event.service}`,
          event.ready
            .map((name) => names.of(name))
            .sort()
            .join(' ') || 'no endpoints',
        ],
      ]
    case 'cr':
      return [['resource', event.deleted ? 'deleted' : (event.condition ?? 'no condition')]]
    case 'evacuation':
      return event.evacuations.map(({ node, state }) => [`evacuation of ${node}`, state])
    case 'watch':
      return event.kind === 'Event' ? kubernetesEvent(event.object as KubernetesEvent) : []
    default:
      return []
  }
}

interface KubernetesEvent {
  metadata: { uid?: string }
  involvedObject?: { kind?: string; name?: string }
  reason?: string
  message?: string
}

function kubernetesEvent({ involvedObject, reason, message }: KubernetesEvent): [string, string][] {
  return [[`Event of ${involvedObject?.kind} ${involvedObject?.name}, ${reason}`, message ?? '']]
}
