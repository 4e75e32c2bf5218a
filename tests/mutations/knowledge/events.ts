import { ASSERTION_IDS, pickClientRows, type RecordEventType } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { lostSight } from '../../simulator/lost-sight.ts'
import { type Mutation, SECOND } from '../mutation.ts'

const POSITIONS = 20
const WATCHED: RecordEventType[] = ['set', 'pod', 'endpoints', 'cr', 'watch']

/** Rows and events are missing, or late. */
export const EVENT_MUTATIONS: Mutation[] = [
  ...[1, 2].map(
    (percent): Mutation => ({
      name: `${percent} % of the client rows are lost`,
      of: 'knowledge',
      variants: 5,
      apply: (record, random) => ({
        ...record,
        clients: pickClientRows(
          record.clients,
          Array.from({ length: record.clients.length }, (_, i) => i).filter(
            () => !random.chance(percent / 100),
          ),
        ),
      }),
      mayOpen: ASSERTION_IDS,
    }),
  ),
  {
    name: 'the watches are five seconds late',
    of: 'knowledge',
    apply: (record) => {
      if (!record.events.some(({ type }) => type === 'pod')) return undefined
      const endT = record.manifest.end?.t ?? Number.POSITIVE_INFINITY
      const late = (t: number) => Math.min(endT, t + 5 * SECOND)
      const events = record.events.map((event) =>
        WATCHED.includes(event.type) ? { ...event, t: late(event.t) } : event,
      )
      return { ...record, events: events.sort((a, b) => a.t - b.t) }
    },
    mayOpen: [
      'all-new',
      'drained-before-delete',
      'switch-before-evict',
      'initial-delay',
      'status-truth',
      'status-shape',
      'evacuation-serial',
      'evacuation-states',
      'undisturbed-before',
      'landing',
    ],
  },
  {
    name: 'the watches are lost for good',
    of: 'knowledge',
    variants: POSITIONS,
    apply: (record, _random, variant) =>
      record.events.some(({ type }) => type === 'pod')
        ? lostSight(record, ((record.manifest.end?.t ?? 0) * (variant + 0.5)) / POSITIONS)
        : undefined,
    mayOpen: ASSERTION_IDS,
  },
  {
    name: 'no evacuation states',
    of: 'knowledge',
    apply: (record) =>
      record.events.some(({ type }) => type === 'evacuation')
        ? { ...record, events: without(record, ['evacuation', 'nodes']) }
        : undefined,
    mayOpen: [
      'evacuation-serial',
      'evacuation-states',
      'initial-delay',
      'undisturbed-before',
      'eviction-slope',
      'status-truth',
      'status-shape',
      'all-new',
      'drained-before-delete',
      'eviction-floor',
      'duration',
      'landing',
      'switch-before-evict',
      'conservation',
    ],
  },
]

function without(record: RunRecord, types: RecordEventType[]) {
  return record.events.filter(({ type }) => !types.includes(type))
}
