import type { WatchLine } from '../recording.ts'
import type { Request } from '../trace.ts'
import { coloursOf } from './colours.ts'
import { requestFacts } from './request-facts.ts'
import { type WatchFacts, watchFacts } from './watch-facts.ts'

/**
 * One run of an EMQX resource as facts that do not depend on names and machine. The rules by which a recording and an
 * emulation are made comparable, and nothing else may differ:
 * 1. Names: sets are "blue" and "green" in the order of their creation; nodes, pods and revisions follow them.
 * 2. Beat: a fact that equals the one before it of its kind is one. How often a pass repeated, and which of the states
 *    after evicting_conns it happened to see before prohibiting, is a matter of the beat.
 * 3. Joining and leaving: a pass may catch a set with only some of its nodes there, or its pods with only some of their
 *    gates set. Statuses, gates, endpoints and questions of that kind are left out; so are stopped nodes, which EMQX lists
 *    for as long as it likes, and whatever is counted from them.
 * 4. Independent writers are not ordered: that is why there are several lists.
 */
export interface Facts extends WatchFacts {
  requests: string[]
  deleted: string[]
}

const GONE = new Set(['CR', 'StatefulSet', 'Service'])

export function factsOf(lines: WatchLine[], requests: Request[]): Facts {
  const colours = coloursOf(lines)
  return {
    ...watchFacts(lines, colours),
    requests: requestFacts(requests, colours),
    deleted: lines
      .filter(({ kind, type }) => type === 'DELETED' && GONE.has(kind))
      .map(({ kind, object }) => colours.rename(`${kind} ${object.metadata.name}`))
      .sort(),
  }
}
