import { type Bounds, type NewcomersEvent, serving } from '#weir/facts/index.ts'
import type { NodeView, RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { endpointsAt, hadItsTime, inServiceSince, nodesAt } from '../evidence/members.ts'
import { endStateT } from '../evidence/span.ts'
import { blindTo } from '../evidence/watches.ts'
import { moment, SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['capacity-follows']
const { settle, shared } = MESSAGES

/** Added nodes come into the Service in time, and new clients come to them as chance deals them out. */
export const capacityFollows: Check<'capacity-follows'> = (run, bounds) => {
  const lastT = endStateT(run)
  const { trigger = lastT } = run.moments
  const before = serving(nodesAt(run, trigger))
  const { nodes, servingNodes = nodes } = run.parameters
  const wanted = Math.max(0, servingNodes - before.length)
  const mostSeconds = bounds.seconds + wanted * bounds.secondsPerNode
  const bound = text.bound({ nodes: wanted, seconds: mostSeconds, sigmas: bounds.heldSigmas })
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  if (run.moments.trigger === undefined || wanted === 0) return open(text.noMore, text.noMoreSettle)
  const added = serving(nodesAt(run, lastT)).filter(({ firstSeenT }) => firstSeenT > trigger)
  const since = added.map(({ pod }) => inServiceSince(run, pod, lastT))
  const absent = added.filter((_, i) => since[i] === undefined)
  const figures = { added: added.length, serving: added.length - absent.length, wanted }
  const seen = evidence('events.ndjson', trigger, lastT, text.endpointsSeen)
  const isBlind = blindTo(run, 'pods', trigger, lastT) || blindTo(run, 'endpoints', trigger, lastT)
  if (added.length < wanted || absent.length > 0) {
    if (!hadItsTime(run)) return open(text.unfinished, settle.wholeRun)
    if (isBlind) return open(MESSAGES.untouched.blind, settle.watches)
    return fail({
      bound,
      measured: text.measuredServing({ serving: figures.serving, wanted }),
      sentence: text.unready({ nodes: added.length, wanted, pods: absent.map(({ pod }) => pod) }),
      evidence: [seen],
      figures,
    })
  }
  const servedT = Math.max(...since.map((t) => t ?? lastT))
  const latest = added[since.indexOf(servedT)]!
  if (servedT - trigger > mostSeconds * SECOND) {
    if (isBlind) return open(MESSAGES.untouched.blind, settle.watches)
    return fail({
      bound,
      measured: text.measuredServing({ serving: figures.serving, wanted }),
      sentence: text.late({ pod: latest.pod, at: moment(run, servedT), mostSeconds }),
      evidence: [seen],
      figures,
    })
  }
  const newcomers = run.of('newcomers').at(-1)
  if (!newcomers) return open(text.noNewcomers, text.noNewcomersSettle)
  return landed(run, added, newcomers, { bounds, bound, figures, servedT })
}

interface Parts {
  bounds: Bounds<'capacity-follows'>
  bound: string
  figures: AssertionResult['figures']
  servedT: number
}

function landed(
  run: RunView,
  added: readonly NodeView[],
  newcomers: NewcomersEvent,
  { bounds, bound, figures, servedT }: Parts,
): AssertionResult {
  const { clients, connected, refused, overQuota, complete, uneven, fromT, t } = newcomers
  const seen = [evidence('events.ndjson', fromT, t, text.newcomersSeen)]
  const took = added.map(({ name, pod }) => ({
    pod,
    clients: newcomers.nodes.find(({ node }) => node === name)?.clients ?? 0,
  }))
  const measured = text.measuredLanded({ landed: took })
  const parts = { bound, measured, evidence: seen, figures }
  if (refused > 0)
    return fail({
      ...parts,
      measured: text.measuredRefused({ refused }),
      sentence: text.refused({ refused, clients }),
    })
  if (overQuota > 0)
    return unknown({ ...parts, why: text.overQuota({ overQuota }), settle: text.overQuotaSettle })
  const all = newcomers.nodes.reduce((sum, one) => sum + one.clients, 0)
  if (!complete || all < connected) return unknown({ ...parts, why: text.untold, settle: settle.listings })
  if (connected < clients)
    return unknown({ ...parts, why: text.unconnected({ connected, clients }), settle: settle.lessLoad })
  const nodes = (endpointsAt(run, fromT) ?? []).length
  const expected = all / nodes
  const sigma = Math.sqrt((all / nodes) * (1 - 1 / nodes))
  const least = took.reduce((one, other) => (other.clients < one.clients ? other : one))
  const sigmas = (expected - least.clients) / sigma
  const few = { pod: least.pod, landed: least.clients, expected, sigmas }
  if (sigmas > bounds.heldSigmas && uneven !== undefined)
    return unknown({ ...parts, why: text.uneven({ ...few, uneven }), settle: text.unevenSettle })
  if (sigmas > bounds.failedSigmas)
    return fail({ ...parts, sentence: text.few({ ...few, clients: all, nodes }) })
  if (sigmas > bounds.heldSigmas)
    return unknown({ ...parts, why: text.mayBeChance(few), settle: text.mayBeChanceSettle })
  return pass({
    ...parts,
    sentence: text.held({
      nodes: added.length,
      at: moment(run, servedT),
      clients: all,
      least: least.clients,
      expected,
    }),
  })
}
