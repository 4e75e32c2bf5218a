import { blockerText, type RecordEvent } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { failuresToAnswer } from './failures.ts'

/** One line of the timeline. */
export interface TimelineEntry {
  t: number
  kind: TimelineKind
  text: string
}

/** What changed during the run, in order: raw objects and repeated samples are left out. */
export function timeline(run: RunView): TimelineEntry[] {
  const podOf = (node: string) => run.nodes[run.nodeByName.get(node) ?? -1]?.pod ?? node
  const lastOf = new Map<string, string>()
  const entries: TimelineEntry[] = []
  for (const event of run.record.events) {
    for (const { kind, text, subject } of eventTexts(event, podOf)) {
      if (subject !== undefined && lastOf.get(subject) === text) continue
      if (subject !== undefined) lastOf.set(subject, text)
      entries.push({ t: event.t, kind, text })
    }
  }
  const failures = failuresToAnswer(run)
  for (const { t, pod, error, status } of failures.scrapes)
    entries.push({ t, kind: 'trouble', text: `scrape of ${pod} failed: ${error ?? `status ${status}`}` })
  for (const { t, api, via, error } of failures.api)
    entries.push({ t, kind: 'trouble', text: `${api} via ${via} failed: ${error}` })
  return entries.sort((a, b) => a.t - b.t)
}

type TimelineKind = 'mark' | 'action' | 'trouble' | 'evacuation' | 'service' | 'pod' | 'resource'

/** One event in words. With a `subject` it is a state, shown only when it differs from the one before. */
interface EventText {
  kind: TimelineKind
  text: string
  subject?: string
}

/** An event of the record in words; nothing for raw objects and for samples that the timeline leaves out. */
function eventTexts(event: RecordEvent, podOf: (node: string) => string): EventText[] {
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
    case 'refusal':
      return [{ kind: 'trouble', subject: `refusal ${event.name}`, text: refusalText(event) }]
    case 'process-end':
      return [{ kind: 'trouble', text: event.how }]
    case 'fleet-pod':
      return event.phase === 'lost' ? [{ kind: 'trouble', text: event.how ?? `${event.pod} was lost` }] : []
    case 'note':
      return event.level === 'info' ? [] : [{ kind: 'trouble', text: event.text }]
    case 'probe':
      return event.ok
        ? []
        : [{ kind: 'trouble', text: `the probe failed: ${event.error ?? 'no reason given'}` }]
    case 'newcomers':
      return [{ kind: 'service', text: newcomersText(event, podOf) }]
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

function newcomersText(
  { clients, connected, nodes }: Of<'newcomers'>,
  podOf: (node: string) => string,
): string {
  const taken = nodes.map((one) => `${podOf(one.node)} ${one.clients}`).join(', ')
  return `${connected} of ${clients} more clients connected: ${taken}`
}

function refusalText({ kind, name, why }: Of<'refusal'>): string {
  return why === undefined ? `${kind} ${name}: no longer refused` : blockerText({ kind, name, why })
}

function setText(set: Of<'set'>): string {
  if (set.deleted) return `${set.kind} ${set.name} deleted`
  return `${set.kind} ${set.name}: ${set.specReplicas} wanted, ${set.replicas} exist, ${set.readyReplicas} ready`
}

function podText(pod: Of<'pod'>): string {
  if (pod.deleted) return 'gone'
  return [
    pod.phase,
    pod.ready ? 'ready' : 'not ready',
    ...(pod.deleting ? ['being deleted'] : []),
    ...(pod.blocked ? [pod.blocked] : []),
  ].join(', ')
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
