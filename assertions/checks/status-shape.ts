import type { Evacuation } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { connectedCounts } from '../evidence/connected-counts.ts'
import { servingCount, servingNodes, supersededSets } from '../evidence/new-set.ts'
import { askedOf, ratesOf } from '../evidence/requested.ts'
import { tracksOf } from '../evidence/tracks.ts'
import { blindTo } from '../evidence/watches.ts'
import { moment, SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { rangeWithin } from '../statistics/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['status-shape']
const { settle, shared } = MESSAGES

interface Report extends Evacuation {
  t: number
  source: 'resource' | 'emqx'
}

/** The status of an evacuation must fit what was requested (docs/contract/operator.md#emqx-api-requests). */
export const statusShape: Check<'status-shape'> = (run, bounds) => {
  const reports: Report[] = [
    ...run
      .of('cr')
      .flatMap(({ t, evacuations }) =>
        evacuations.map((one) => ({ ...one, t, source: 'resource' as const })),
      ),
    ...run
      .of('evacuation')
      .flatMap(({ t, evacuations }) => evacuations.map((one) => ({ ...one, t, source: 'emqx' as const }))),
  ]
  if (reports.length === 0)
    return unknown({
      bound: text.bound,
      measured: shared.unknown,
      why: text.none,
      settle: settle.evacuation,
    })
  for (const one of reports) {
    const why = wrong(run, one)
    if (why) return failed(run, one, why)
  }
  const grown = growing(run, reports)
  if (grown) return failed(run, grown.report, grown.why)
  const initial = initialCounts(run, bounds.initialShare ?? 0.01, bounds.initialCount ?? 3)
  if (initial) return initial
  const nodes = new Set(reports.map(({ node }) => node))
  return pass({
    bound: text.bound,
    measured: text.measured({ evacuations: nodes.size }),
    sentence: text.held({ evacuations: nodes.size, reports: reports.length }),
    evidence: [
      evidence('events.ndjson', reports[0]?.t ?? 0, reports.at(-1)?.t ?? 0, shared.evacuationStatus),
    ],
    figures: { evacuations: nodes.size, descriptions: reports.length },
  })
}

function failed(run: RunView, report: Report, why: string): AssertionResult {
  return fail({
    bound: text.bound,
    measured: why,
    sentence: text.wrong({
      source: report.source,
      node: podOf(run, report.node),
      at: moment(run, report.t),
      why,
    }),
    evidence: [evidence('events.ndjson', report.t, report.t, text.evacuationSeen(report))],
    figures: { node: report.node },
  })
}

const podOf = (run: RunView, name: string) => {
  const index = run.nodeByName.get(name)
  return index === undefined ? name : shortName(run, index)
}

function wrong(run: RunView, report: Report): string | undefined {
  const index = run.nodeAt(report.node, report.t) ?? -1
  const rates = ratesOf(run, index)
  const [asked = askedOf(run)] = rates.toReversed()
  const superseded = supersededSets(run)
  // A second change evacuates the new set of the first, and the reports until then name that set.
  const isSuperseded = (name: string) => superseded.has(setOf(run, name) ?? '')
  const side = run.nodes[index]?.side
  if (side === 'new' && !isSuperseded(report.node)) return text.newNode
  if (rates.every(({ connEvictRate }) => report.connectionEvictionRate !== connEvictRate))
    return text.connectionRate({ rate: report.connectionEvictionRate, requested: asked.connEvictRate })
  if (rates.every(({ sessEvictRate }) => report.sessionEvictionRate !== sessEvictRate))
    return text.sessionRate({ rate: report.sessionEvictionRate, requested: asked.sessEvictRate })
  const fresh = servingNodes(run, 'new')
  // A node whose pod nobody could see come may be of the new set.
  const isUnseen = (name: string) =>
    run.nodeByName.get(name) === undefined && blindTo(run, 'pods', report.t, report.t)
  const strangers = report.recipients.filter(
    (name) => !fresh.includes(run.nodeAt(name, report.t) ?? -1) && !isSuperseded(name) && !isUnseen(name),
  )
  if (strangers.length > 0) return text.strangers({ nodes: strangers.map((name) => podOf(run, name)) })
  const all = fresh.length
  const named = new Set(report.recipients).size
  const isShort = superseded.size === 0 && named > 0 && named < all && all === servingCount(run)
  if (isShort && named < all - downAt(run, fresh, report.t))
    return text.fewRecipients({ recipients: report.recipients.length, nodes: all })
  if (report.state === 'prohibiting' && report.currentConnected + report.currentSessions > 0)
    return text.doneWithRest({ connections: report.currentConnected, sessions: report.currentSessions })
  if (report.currentConnected > report.initialConnected && !accepts(run))
    return text.aboveInitial({ connections: report.currentConnected, initial: report.initialConnected })
  return undefined
}

const setOf = (run: RunView, name: string) => run.nodes[run.nodeByName.get(name) ?? -1]?.set

/** How many of these nodes were not ready then, or a little before: EMQX names the nodes that it sees running. */
function downAt(run: RunView, nodes: readonly number[], t: number): number {
  const pods = nodes.map((node) => run.nodes[node]!.pod)
  const isDown = (pod: string) => {
    const events = run.of('pod').filter(({ name }) => name === pod)
    const before = events.findLast((event) => event.t <= t - DOWN_REACH_NS)
    const since = events.filter((event) => event.t > t - DOWN_REACH_NS && event.t <= t + SECOND)
    return [before, ...since].some((event) => event?.ready === false)
  }
  return pods.filter(isDown).length
}

/** EMQX notices a node that is gone, or back, within this time. */
const DOWN_REACH_NS = 15 * SECOND

/**
 * Within the reports of one source, in their order. A node that still waits for its health check accepts
 * connections: only from there on can there be no more than before.
 */
function growing(run: RunView, reports: Report[]): { report: Report; why: string } | undefined {
  const last = new Map<string, Report>()
  for (const one of reports) {
    const key = `${one.source} ${one.node}`
    const before = last.get(key)
    last.set(key, one)
    if (!before || run.nodeByName.get(one.node) === undefined) continue
    if (before.state === 'waiting_health_check') continue
    if (one.currentConnected > before.currentConnected)
      return {
        report: one,
        why: text.grown({ from: before.currentConnected, to: one.currentConnected }),
      }
  }
  return undefined
}

/** Connections that no listing shows. */
const UNKNOWN_NODE = -1

/** True where an evacuation begins with a wait in which clients may still come. */
const accepts = (run: RunView) => run.parameters.dialect.healthCheckWaitSeconds > 0

function initialCounts(run: RunView, share: number, least: number): AssertionResult | undefined {
  if (run.connections.length === 0 || run.parameters.otherClients || run.connections.unknownShare > 0.01)
    return undefined
  const { onNode } = connectedCounts(run)
  for (const track of tracksOf(run)) {
    const evacuation = run.evacuations.find(({ node }) => node === track.node)
    if (!evacuation || run.nodes[track.node]?.side !== 'old') continue
    // It began between these two instants, and counted the clients of one between them.
    const heldOn = (node: number) => {
      const count = onNode.get(node)
      const toT = track.samples[0]?.t ?? track.notBeforeT
      return count ? rangeWithin(count, track.notBeforeT, toT) : { least: 0, most: 0 }
    }
    const { least: low, most } = heldOn(track.node)
    const high = most + heldOn(UNKNOWN_NODE).most
    const slack = Math.max(share * high, least)
    if (evacuation.initialConnected >= low - slack && evacuation.initialConnected <= high + slack) continue
    return fail({
      bound: text.bound,
      measured: text.measuredInitial({ initial: evacuation.initialConnected, held: high }),
      sentence: text.wrongInitial({
        node: shortName(run, track.node),
        initial: evacuation.initialConnected,
        low,
        high,
      }),
      evidence: [
        evidence('events.ndjson', track.samples[0]?.t ?? 0, track.samples[0]?.t ?? 0, text.firstSampleSeen),
      ],
      figures: { initialConnected: evacuation.initialConnected, held: high },
    })
  }
  return undefined
}
