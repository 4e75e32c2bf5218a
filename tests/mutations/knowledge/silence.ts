import type { RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { type Mutation, SECOND } from '../mutation.ts'

const SILENCES_SECONDS = [2, 6, 10, 20, 30]
const POSITIONS = 35
const API = ['evacuation', 'nodes', 'listing']

/** EMQX's API does not answer for a while. */
export const SILENCE_MUTATIONS: Mutation[] = SILENCES_SECONDS.map((seconds) => ({
  name: `EMQX's API is silent for ${seconds} s`,
  of: 'knowledge',
  variants: POSITIONS,
  apply: (record, _random, variant) => {
    if (!record.events.some(({ type }) => type === 'evacuation')) return undefined
    const endT = record.manifest.end?.t ?? 0
    const fromT = (endT * (variant + 0.5)) / POSITIONS
    return silent(record, fromT, fromT + seconds * SECOND)
  },
  mayOpen: [
    'evacuation-serial',
    'evacuation-states',
    'all-new',
    'initial-delay',
    'undisturbed-before',
    'landing',
    'conservation',
    'gauge-truth',
    'eviction-slope',
    'eviction-envelope',
    'eviction-floor',
    'status-truth',
    'status-shape',
    'drained-before-delete',
    'switch-before-evict',
    'duration',
  ],
}))

function silent(record: RunRecord, fromT: number, toT: number): RunRecord {
  const inside = (event: RecordEvent) => API.includes(event.type) && event.t > fromT && event.t < toT
  const failures: RecordEvent[] = []
  for (let t = fromT + SECOND; t < toT; t += SECOND)
    failures.push({ t, type: 'api-failure', api: 'global_status', via: '', error: 'no answer' })
  const events = [...record.events.filter((event) => !inside(event)), ...failures]
  return { ...record, events: events.sort((a, b) => a.t - b.t) }
}
