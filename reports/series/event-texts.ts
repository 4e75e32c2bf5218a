import type { RecordEvent } from '#weir/facts/index.ts'

export type TimelineKind = 'mark' | 'action' | 'trouble' | 'evacuation' | 'service' | 'pod' | 'resource'

/** One event in words. With a `subject` it is a state, shown only when it differs from the one before. */
export interface EventText {
  kind: TimelineKind
  text: string
  subject?: string
}

/** An event of the record in words; nothing for raw objects and for samples that the timeline leaves out. */
export function eventTexts(event: RecordEvent, podOf: (node: string) => string): EventText[] {
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
      return [stepText(event)]
    case 'watch-gap':
      return [{ kind: 'trouble', text: `the watch of ${event.kind} was lost: ${event.reason}` }]
    case 'process-end':
      return [{ kind: 'trouble', text: event.how }]
    case 'note':
      return event.level === 'info' ? [] : [{ kind: 'trouble', text: event.text }]
    case 'probe':
      return event.ok
        ? []
        : [{ kind: 'trouble', text: `the probe failed: ${event.error ?? 'no reason given'}` }]
    case 'set':
      return [{ kind: 'resource', subject: `set ${event.name}`, text: setText(event) }]
    case 'pod':
      return [{ kind: 'pod', subject: `pod ${event.uid}`, text: `pod ${event.name}: ${podText(event)}` }]
    case 'endpoints':
      return [{ kind: 'service', subject: `endpoints ${event.service}`, text: endpointsText(event) }]
    case 'cr':
      return [{ kind: 'resource', subject: 'cr', text: `custom resource: ${crText(event, podOf)}` }]
    case 'evacuation':
      return event.evacuations.map(({ node, state }) => ({
        kind: 'evacuation',
        subject: `evacuation ${node}`,
        text: `${podOf(node)}: ${state}`,
      }))
    default:
      return []
  }
}

type Of<T extends RecordEvent['type']> = Extract<RecordEvent, { type: T }>

function stepText({ index, name, phase, lastMismatch }: Of<'step'>): EventText {
  const missed = phase === 'timeout' || phase === 'failed'
  const missing = lastMismatch ? ` (still missing: ${lastMismatch})` : ''
  return { kind: missed ? 'trouble' : 'action', text: `step ${index + 1}, ${name}: ${phase}${missing}` }
}

function setText(set: Of<'set'>): string {
  if (set.deleted) return `${set.kind} ${set.name} deleted`
  return `${set.kind} ${set.name}: ${set.specReplicas} wanted, ${set.replicas} exist, ${set.readyReplicas} ready`
}

function podText(pod: Of<'pod'>): string {
  if (pod.deleted) return 'gone'
  return [pod.phase, pod.ready ? 'ready' : 'not ready', ...(pod.deleting ? ['being deleted'] : [])].join(', ')
}

function endpointsText({ service, ready }: Of<'endpoints'>): string {
  return `Service ${service} sends clients to ${ready.length > 0 ? ready.join(', ') : 'no pod'}`
}

function crText(cr: Of<'cr'>, podOf: (node: string) => string): string {
  if (cr.deleted) return 'deleted'
  return [
    cr.condition ?? 'no condition',
    cr.settled ? 'settled' : 'not settled',
    ...(cr.updating ? ['updating'] : []),
    ...cr.evacuations.map(({ node, state }) => `${podOf(node)} ${state}`),
  ].join(', ')
}
