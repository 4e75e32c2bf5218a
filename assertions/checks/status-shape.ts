import type { Evacuation } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { servingCount, servingNodes } from '../evidence/new-set.ts'
import { askedOf } from '../evidence/requested.ts'
import { openAt, tracksOf } from '../evidence/tracks.ts'
import { atTrigger, count, shortName } from '../evidence/wording.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const BOUND =
  'old nodes only, at the configured rates, sessions to exactly the new set, counts that only go down'

interface Told extends Evacuation {
  t: number
  who: 'the resource' | 'EMQX'
}

/** What an evacuation says of itself must fit what was asked for (seed B33). */
export const statusShape: Check<'status-shape'> = (run, bounds) => {
  const told: Told[] = [
    ...run
      .of('cr')
      .flatMap(({ t, evacuations }) =>
        evacuations.map((one) => ({ ...one, t, who: 'the resource' as const })),
      ),
    ...run
      .of('evacuation')
      .flatMap(({ t, evacuations }) => evacuations.map((one) => ({ ...one, t, who: 'EMQX' as const }))),
  ]
  if (told.length === 0)
    return unknown({
      bound: BOUND,
      measured: 'unknown',
      why: 'neither the resource nor EMQX was ever seen to speak of an evacuation',
      settle: 'a run in which a node is evacuated',
    })
  for (const one of told) {
    const why = wrong(run, one)
    if (why) return failed(run, one, why)
  }
  const grown = growing(run, told)
  if (grown) return failed(run, grown.told, grown.why)
  const initial = initialCounts(run, bounds.initialShare ?? 0.01, bounds.initialCount ?? 3)
  if (initial) return initial
  const nodes = new Set(told.map(({ node }) => node))
  return pass({
    bound: BOUND,
    measured: `${count(nodes.size, 'evacuation')} as asked for`,
    sentence: `${count(nodes.size, 'evacuation')} described ${told.length} times, always as asked for.`,
    evidence: [evidence('events.ndjson', told[0]?.t ?? 0, told.at(-1)?.t ?? 0, 'evacuation status')],
    figures: { evacuations: nodes.size, descriptions: told.length },
  })
}

function failed(run: RunView, told: Told, why: string): AssertionResult {
  return fail({
    bound: BOUND,
    measured: why,
    sentence: `${told.who === 'EMQX' ? 'EMQX' : 'The resource'} says of the evacuation of ${podOf(run, told.node)}, ${atTrigger(run, told.t)}: ${why}.`,
    evidence: [evidence('events.ndjson', told.t, told.t, `evacuation of ${told.node}`)],
    figures: { node: told.node },
  })
}

const podOf = (run: RunView, name: string) => {
  const index = run.nodeByName.get(name)
  return index === undefined ? name : shortName(run, index)
}

function wrong(run: RunView, told: Told): string | undefined {
  const { connEvictRate, sessEvictRate } = askedOf(run)
  const side = run.nodes[run.nodeByName.get(told.node) ?? -1]?.side
  if (side === 'new') return 'a node of the new set is evacuated'
  if (told.connectionEvictionRate !== connEvictRate)
    return `its connection eviction rate is ${told.connectionEvictionRate}, and ${connEvictRate} was asked for`
  if (told.sessionEvictionRate !== sessEvictRate)
    return `its session eviction rate is ${told.sessionEvictionRate}, and ${sessEvictRate} was asked for`
  const fresh = servingNodes(run, 'new')
  const strangers = told.recipients.filter((name) => !fresh.includes(run.nodeByName.get(name) ?? -1))
  if (strangers.length > 0)
    return `its sessions are to go to ${strangers.map((name) => podOf(run, name)).join(', ')}, not to the new set`
  const all = fresh.length
  if (told.recipients.length > 0 && all === servingCount(run) && new Set(told.recipients).size !== all)
    return `its sessions are to go to ${told.recipients.length} of the ${all} new nodes`
  if (told.state === 'prohibiting' && told.currentConnected + told.currentSessions > 0)
    return `it is done (prohibiting) with ${told.currentConnected} connections and ${told.currentSessions} sessions left`
  if (told.currentConnected > told.initialConnected && !accepts(run))
    return `it has ${told.currentConnected} connections of ${told.initialConnected} at the start`
  return undefined
}

/**
 * Within one teller's account, in the order of its telling. A node that still waits for its health check accepts
 * connections: only from there on can there be no more than before.
 */
function growing(run: RunView, told: Told[]): { told: Told; why: string } | undefined {
  const last = new Map<string, Told>()
  for (const one of told) {
    const key = `${one.who} ${one.node}`
    const before = last.get(key)
    last.set(key, one)
    if (!before || run.nodeByName.get(one.node) === undefined) continue
    if (before.state === 'waiting_health_check') continue
    if (one.currentConnected > before.currentConnected)
      return {
        told: one,
        why: `its connections went up from ${before.currentConnected} to ${one.currentConnected}`,
      }
  }
  return undefined
}

/** True where an evacuation begins with a wait in which clients may still come. */
const accepts = (run: RunView) => run.parameters.dialect.healthCheckWaitSeconds > 0

function initialCounts(run: RunView, share: number, least: number): AssertionResult | undefined {
  if (run.connections.length === 0 || run.parameters.otherClients || run.connections.unknownShare > 0.01)
    return undefined
  for (const track of tracksOf(run)) {
    const told = run.evacuations.find(({ node }) => node === track.node)
    if (!told || run.nodes[track.node]?.side !== 'old') continue
    // Between these two instants it began: what the clients held at either is what it may have counted.
    const held = [track.notBeforeT, track.samples[0]?.t ?? track.notBeforeT].map((t) =>
      openAt(run, track.node, t),
    )
    const [low, high] = [Math.min(...held), Math.max(...held)]
    const slack = Math.max(share * high, least)
    if (told.initialConnected >= low - slack && told.initialConnected <= high + slack) continue
    return fail({
      bound: BOUND,
      measured: `initial_connected ${told.initialConnected}, held ${high}`,
      sentence: `EMQX says that ${shortName(run, track.node)} had ${told.initialConnected} connections when its evacuation began; the clients held ${low === high ? high : `${low} to ${high}`} there.`,
      evidence: [
        evidence('events.ndjson', track.samples[0]?.t ?? 0, track.samples[0]?.t ?? 0, 'first sample of it'),
      ],
      figures: { initialConnected: told.initialConnected, held: high },
    })
  }
  return undefined
}
