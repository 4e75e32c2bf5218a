import type { RecordEvent } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { TEXTS, TIMELINE_TEXTS as texts } from '../texts/index.ts'
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
    entries.push({
      t,
      kind: 'trouble',
      text: texts.because({ what: texts.scrapeFailed(pod), why: error ?? texts.status(status) }),
    })
  for (const { t, api, via, error } of failures.api)
    entries.push({
      t,
      kind: 'trouble',
      text: texts.because({ what: texts.apiVia({ api, via }), why: error }),
    })
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
          text: texts.action({ action: event.action, phase: event.phase, detail: event.detail }),
        },
      ]
    case 'step':
      return [stepText(event)]
    case 'watch-gap':
      return [
        { kind: 'trouble', text: texts.because({ what: texts.watchLost(event.kind), why: event.reason }) },
      ]
    case 'refusal':
      return [{ kind: 'trouble', subject: `refusal ${event.name}`, text: refusalText(event) }]
    case 'process-end':
      return [{ kind: 'trouble', text: event.how }]
    case 'fleet-pod':
      return event.phase === 'lost' ? [{ kind: 'trouble', text: event.how ?? texts.lost(event.pod) }] : []
    case 'note':
      return event.level === 'info' ? [] : [{ kind: 'trouble', text: event.text }]
    case 'probe':
      return event.ok
        ? []
        : [
            {
              kind: 'trouble',
              text: texts.because({ what: texts.probeFailed, why: event.error ?? texts.noReason }),
            },
          ]
    case 'newcomers':
      return [{ kind: 'service', text: newcomersText(event, podOf) }]
    case 'set':
      return [{ kind: 'resource', subject: `set ${event.name}`, text: setText(event) }]
    case 'pod':
      return [
        {
          kind: 'pod',
          subject: `pod ${event.uid}`,
          text: texts.pod({ name: event.name, words: podText(event) }),
        },
      ]
    case 'endpoints':
      return [{ kind: 'service', subject: `endpoints ${event.service}`, text: endpointsText(event) }]
    case 'cr':
      return [{ kind: 'resource', subject: 'cr', text: texts.resource(crText(event, podOf)) }]
    case 'evacuation':
      return event.evacuations.map(({ node, state }) => ({
        kind: 'evacuation',
        subject: `evacuation ${node}`,
        text: texts.because({ what: podOf(node), why: state }),
      }))
    default:
      return []
  }
}

type Of<T extends RecordEvent['type']> = Extract<RecordEvent, { type: T }>

function stepText({ index, name, phase, lastMismatch }: Of<'step'>): EventText {
  const missed = phase === 'timeout' || phase === 'failed'
  return {
    kind: missed ? 'trouble' : 'action',
    text: texts.step({ number: index + 1, name, phase, missing: lastMismatch }),
  }
}

function newcomersText(
  { clients, connected, nodes }: Of<'newcomers'>,
  podOf: (node: string) => string,
): string {
  const taken = TEXTS.listed(nodes.map((one) => `${podOf(one.node)} ${one.clients}`))
  return texts.newcomers({ connected, clients, taken })
}

function refusalText({ kind, name, why }: Of<'refusal'>): string {
  return why === undefined ? texts.noLongerRefused({ kind, name }) : texts.blocked({ kind, name, why })
}

function setText(set: Of<'set'>): string {
  return set.deleted ? texts.setDeleted(set) : texts.set(set)
}

function podText(pod: Of<'pod'>): string {
  if (pod.deleted) return texts.gone
  return TEXTS.listed([
    pod.phase,
    pod.ready ? texts.ready : texts.notReady,
    ...(pod.deleting ? [texts.deleting] : []),
    ...(pod.blocked ? [pod.blocked] : []),
  ])
}

function endpointsText({ service, ready }: Of<'endpoints'>): string {
  return texts.service({ service, pods: TEXTS.listed(ready) || texts.noPod })
}

function crText(cr: Of<'cr'>, podOf: (node: string) => string): string {
  if (cr.deleted) return texts.deleted
  return TEXTS.listed([
    cr.condition ?? texts.noCondition,
    cr.settled ? texts.settled : texts.notSettled,
    ...(cr.updating ? [texts.updating] : []),
    ...cr.evacuations.map(({ node, state }) => `${podOf(node)} ${state}`),
  ])
}
