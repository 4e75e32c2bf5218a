import type { EvacuationState } from '#weir/facts/index.ts'
import type { EvacuationView, RunView } from '#weir/record/view/index.ts'

export interface Span {
  fromT: number
  toT: number
}

/** One pod's row: its lifetime, when the Service sent clients to it, and the states of its node's evacuation. */
export interface MembershipRow {
  pod: string
  side: 'old' | 'new' | 'unknown'
  life: Span
  /** From its deletionTimestamp on. */
  terminating?: Span
  serving: Span[]
  states: (Span & { state: EvacuationState })[]
}

/** Service membership and evacuations, by pod. */
export function membership(run: RunView): MembershipRow[] {
  const end = run.moments.end
  const serving = servingSpans(run)
  const rows = run.nodes.map((node, index): MembershipRow => {
    const toT = node.deletedT ?? end
    return {
      pod: node.pod,
      side: node.side,
      life: { fromT: node.firstSeenT, toT },
      ...(node.deletingT !== undefined && { terminating: { fromT: node.deletingT, toT } }),
      serving: within(serving.get(node.pod) ?? [], node.firstSeenT, toT),
      states: run.evacuations
        .filter((evacuation) => evacuation.node === index)
        .flatMap((it) => stateSpans(it, end)),
    }
  })
  const known = new Set(rows.map((row) => row.pod))
  for (const [pod, spans] of serving) if (!known.has(pod)) rows.push(strangerRow(pod, spans))
  return rows
}

/** A pod made again under its old name is another row: each shows only its own part. */
function within(spans: readonly Span[], fromT: number, toT: number): Span[] {
  return spans
    .map((span) => ({ fromT: Math.max(span.fromT, fromT), toT: Math.min(span.toT, toT) }))
    .filter((span) => span.fromT < span.toT)
}

/** An endpoint that belongs to no pod the harness saw. */
function strangerRow(pod: string, serving: Span[]): MembershipRow {
  const life = { fromT: serving[0]!.fromT, toT: serving.at(-1)!.toT }
  return { pod, side: 'unknown', life, serving, states: [] }
}

function servingSpans(run: RunView): Map<string, Span[]> {
  const spans = new Map<string, Span[]>()
  const open = new Map<string, number>()
  const close = (pod: string, fromT: number, toT: number) =>
    spans.set(pod, [...(spans.get(pod) ?? []), { fromT, toT }])
  for (const { t, ready } of run.of('endpoints')) {
    for (const [pod, fromT] of open) {
      if (ready.includes(pod)) continue
      close(pod, fromT, t)
      open.delete(pod)
    }
    for (const pod of ready) if (!open.has(pod)) open.set(pod, t)
  }
  for (const [pod, fromT] of open) close(pod, fromT, run.moments.end)
  return spans
}

/** Each state lasts until the next was seen; the last one until the evacuation was gone. */
function stateSpans(evacuation: EvacuationView, end: number): (Span & { state: EvacuationState })[] {
  return evacuation.states.map(({ state, seenT }, index) => ({
    state,
    fromT: seenT,
    toT: evacuation.states[index + 1]?.seenT ?? evacuation.goneT ?? Math.min(evacuation.lastSeenT, end),
  }))
}
