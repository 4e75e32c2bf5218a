import type { Evacuation, EvacuationState } from '#weir/facts/index.ts'
import type { EventsOf } from './events-by-type.ts'
import type { NodeTable } from './nodes.ts'
import type { EvacuationView } from './types.ts'

const ORDER: readonly EvacuationState[] = [
  'waiting_health_check',
  'evicting_conns',
  'waiting_takeover',
  'evicting_sessions',
  'prohibiting',
]

/**
 * Each node's evacuation, from samples of EMQX's status. A sample is true at some moment between request and answer, so a state that
 * it lacks began after the request.
 */
export function evacuationsOf(of: EventsOf, table: NodeTable): EvacuationView[] {
  const views: EvacuationView[] = []
  const current = new Map<number, EvacuationView>()
  let lastAskedT = Number.NEGATIVE_INFINITY
  for (const sample of of('evacuation')) {
    const present = new Set<number>()
    for (const one of sample.evacuations) {
      const node = table.nameAt(one.node, sample.t)
      if (node < 0) continue
      present.add(node)
      const known = current.get(node)
      if (known !== undefined && !isAnother(known, one)) follow(known, one, sample.t, lastAskedT)
      else {
        const view = begun(node, one, sample.t, lastAskedT)
        views.push(view)
        current.set(node, view)
      }
    }
    for (const [node, view] of current) if (!present.has(node)) view.goneT ??= sample.t
    lastAskedT = sample.t - sample.tookNs
  }
  return views
}

/** A node that was gone and returned to an earlier state is evacuated again. */
function isAnother(view: EvacuationView, sample: Evacuation): boolean {
  const last = view.states.at(-1)!.state
  return view.goneT !== undefined && ORDER.indexOf(sample.state) < ORDER.indexOf(last)
}

function begun(node: number, one: Evacuation, t: number, notBeforeT: number): EvacuationView {
  return {
    node,
    notBeforeT,
    firstSeenT: t,
    lastSeenT: t,
    states: [{ state: one.state, notBeforeT, seenT: t, lastSeenT: t }],
    samples: [sampleOf(one, t)],
    recipients: one.recipients,
    connectionEvictionRate: one.connectionEvictionRate,
    sessionEvictionRate: one.sessionEvictionRate,
    initialConnected: one.initialConnected,
    initialSessions: one.initialSessions,
  }
}

function follow(view: EvacuationView, one: Evacuation, t: number, notBeforeT: number): void {
  // Missing in one answer only, e.g. of a node that had not joined yet: it was never gone.
  delete view.goneT
  view.lastSeenT = t
  view.samples.push(sampleOf(one, t))
  const last = view.states.at(-1)!
  if (last.state === one.state) last.lastSeenT = t
  else
    view.states.push({
      state: one.state,
      notBeforeT: Math.max(notBeforeT, last.notBeforeT),
      seenT: t,
      lastSeenT: t,
    })
}

function sampleOf(one: Evacuation, t: number): EvacuationView['samples'][number] {
  return { t, state: one.state, currentConnected: one.currentConnected, currentSessions: one.currentSessions }
}
