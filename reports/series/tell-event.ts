import type { RecordEvent } from '#weir/facts/index.ts'

export type HappeningKind = 'mark' | 'action' | 'trouble' | 'evacuation' | 'service' | 'pod' | 'resource'

/** What one event says. With a `subject` it is a state, told only when it differs from what was told of it before. */
export interface Told {
  kind: HappeningKind
  text: string
  subject?: string
}

/** An event of the record in words; nothing for raw objects and for samples that tell no story. */
export function tellEvent(event: RecordEvent, podOf: (node: string) => string): Told[] {
  switch (event.type) {
    case 'mark':
      return [{ kind: 'mark', text: event.name }]
    case 'action':
      return [
        {
          kind: 'action',
          text: `action ${event.action}: ${event.phase}${event.detail ? ` (${event.detail})` : ''}`,
        },
      ]
    case 'step':
      return [tellStep(event)]
    case 'watch-gap':
      return [{ kind: 'trouble', text: `the watch of ${event.kind} was blind: ${event.reason}` }]
    case 'note':
      return event.level === 'info' ? [] : [{ kind: 'trouble', text: event.text }]
    case 'probe':
      return event.ok
        ? []
        : [{ kind: 'trouble', text: `the probe failed: ${event.error ?? 'no reason given'}` }]
    case 'set':
      return [{ kind: 'resource', subject: `set ${event.name}`, text: setWords(event) }]
    case 'pod':
      return [{ kind: 'pod', subject: `pod ${event.uid}`, text: `pod ${event.name}: ${podWords(event)}` }]
    case 'endpoints':
      return [{ kind: 'service', subject: `endpoints ${event.service}`, text: endpointsWords(event) }]
    case 'cr':
      return [{ kind: 'resource', subject: 'cr', text: `the custom resource says ${crWords(event, podOf)}` }]
    case 'evacuation':
      return event.evacuations.map(({ node, state }) => ({
        kind: 'evacuation',
        subject: `evacuation ${node}`,
        text: `${podOf(node)} is ${state}`,
      }))
    default:
      return []
  }
}

type Of<T extends RecordEvent['type']> = Extract<RecordEvent, { type: T }>

function tellStep({ index, name, phase, lastMismatch }: Of<'step'>): Told {
  const missed = phase === 'timeout' || phase === 'failed'
  const missing = lastMismatch ? ` (still missing: ${lastMismatch})` : ''
  return { kind: missed ? 'trouble' : 'action', text: `step ${index + 1}, ${name}: ${phase}${missing}` }
}

function setWords(set: Of<'set'>): string {
  if (set.deleted) return `${set.kind} ${set.name} deleted`
  return `${set.kind} ${set.name}: ${set.specReplicas} wanted, ${set.replicas} there, ${set.readyReplicas} ready`
}

function podWords(pod: Of<'pod'>): string {
  if (pod.deleted) return 'gone'
  return [pod.phase, pod.ready ? 'ready' : 'not ready', ...(pod.deleting ? ['being deleted'] : [])].join(', ')
}

function endpointsWords({ service, ready }: Of<'endpoints'>): string {
  return `Service ${service} sends clients to ${ready.length > 0 ? ready.join(', ') : 'nobody'}`
}

function crWords(cr: Of<'cr'>, podOf: (node: string) => string): string {
  if (cr.deleted) return 'nothing any more: it is deleted'
  return [
    cr.condition ?? 'no condition',
    cr.settled ? 'settled' : 'not settled',
    ...(cr.updating ? ['updating'] : []),
    ...cr.evacuations.map(({ node, state }) => `${podOf(node)} ${state}`),
  ].join(', ')
}
