import type { Evacuation } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { MESSAGES } from '../messages/index.ts'
import { sessionsLeft } from './session-count.ts'

const text = MESSAGES['drained-before-delete']

export interface Known {
  /** The count held at some instant within [askedT, t]. */
  askedT: number
  t: number
  connected: number
  /** Null while EMQX does not report it. */
  sessions: number | null
  /** The source of the count, for a sentence. */
  source: string
}

/** An operator decides, writes its status and deletes in one pass: the order of these events is chance. */
const SAME_PASS_NS = 1e9

/**
 * The last count of a node's connections and sessions until `untilT`: EMQX's, or the operator's copy of it. Where an
 * empty node is never evacuated, only EMQX's list of nodes counts its sessions.
 */
export function lastKnown(run: RunView, node: number, untilT: number): Known | undefined {
  const sampled = run.of('evacuation').flatMap(({ t, tookNs, evacuations }): Known[] => {
    const found = t <= untilT ? evacuations.find((one) => run.nodeAt(one.node, t) === node) : undefined
    return found ? [knownFrom(found, t - tookNs, t, text.emqx)] : []
  })
  const written = run.of('cr').flatMap(({ t, evacuations }): Known[] => {
    const found =
      t <= untilT + SAME_PASS_NS ? evacuations.find((one) => run.nodeAt(one.node, t) === node) : undefined
    return found ? [knownFrom(found, t, t, text.operator)] : []
  })
  const listed = run.of('cr').flatMap(({ t, nodes }): Known[] => {
    // What was written after it may have been counted while the pod was ending.
    const found =
      t <= untilT ? nodes.find((one) => one.running && run.nodeAt(one.node, t) === node) : undefined
    if (found?.connections === undefined) return []
    const { connections: sessions, liveConnections: connected = sessions } = found
    return [{ askedT: t, t, connected, sessions, source: text.operator }]
  })
  // A pod that comes again by the name of one that is gone has not what that had.
  const { firstSeenT = 0 } = run.nodes[node] ?? {}
  const [a, b] = [sampled, written.length > 0 ? written : listed].map((all) =>
    all.findLast(({ t }) => t >= firstSeenT),
  )
  // An operator's copy is as old as its last look: it counts only where it knows of less, for a drain only goes down.
  const left = (known: Known) => known.connected + (known.sessions ?? Number.POSITIVE_INFINITY)
  return (a && b ? (left(b) < left(a) ? b : a) : (a ?? b)) ?? membership(run, node, untilT)
}

function membership(run: RunView, node: number, untilT: number): Known | undefined {
  if (!run.parameters.dialect.skipsEmptyNodes) return undefined
  const { name } = run.nodes[node] ?? {}
  const looks = run.of('nodes').flatMap(({ t, tookNs, nodes }): Known[] => {
    const found = t <= untilT && name ? nodes.find((one) => one.node === name && one.running) : undefined
    if (found?.connections === undefined) return []
    const connected = found.liveConnections ?? found.connections
    return [{ askedT: t - tookNs, t, connected, sessions: found.connections, source: text.emqx }]
  })
  return looks.findLast(({ t }) => t >= (run.nodes[node]?.firstSeenT ?? 0))
}

function knownFrom(found: Evacuation, askedT: number, t: number, source: string): Known {
  return { askedT, t, connected: found.currentConnected, sessions: sessionsLeft(found), source }
}
