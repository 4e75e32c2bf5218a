import { upTo } from '#weir/assertions/verdict/truncation.ts'
import { ASSERTION_IDS, pickClientRows, type RecordEventType } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { lostSight } from '../../simulator/lost-sight.ts'
import type { Random } from '../../simulator/random.ts'
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
    name: 'weir is killed, and what half of its clients saw last is not written yet',
    of: 'knowledge',
    variants: POSITIONS,
    apply: (record, random, variant) =>
      record.clients.length > 0
        ? killedAt(record, ((record.manifest.end?.t ?? 0) * (variant + 0.5)) / POSITIONS, random)
        : undefined,
    mayOpen: ASSERTION_IDS,
  },
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

/** The clients' rows come from several threads: those of a thread that got no processor may be seconds behind. */
const BEHIND_NS = 3 * SECOND

function killedAt(record: RunRecord, t: number, random: Random): RunRecord {
  const { end: _end, ...manifest } = record.manifest
  const { messages: _messages, ...whole } = upTo(record, t)
  const isBehind = Array.from(record.fleet.ids, () => random.chance(0.5))
  const { clients } = whole
  const written = Array.from({ length: clients.length }, (_, i) => i).filter(
    (i) => clients.t[i]! <= t - (isBehind[clients.client[i]!] ? BEHIND_NS : 0),
  )
  const damage = [...record.damage, { file: 'clients.arrow', what: 'the stream has no end marker' } as const]
  return { ...whole, manifest, damage, clients: pickClientRows(clients, written) }
}

function without(record: RunRecord, types: RecordEventType[]) {
  return record.events.filter(({ type }) => !types.includes(type))
}
