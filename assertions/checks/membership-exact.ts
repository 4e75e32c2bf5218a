import { serving } from '#weir/facts/index.ts'
import type { NodeView, RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { endpointsAt, everServed, hadItsTime, nodesAt } from '../evidence/members.ts'
import { endStateT } from '../evidence/span.ts'
import { blindTo } from '../evidence/watches.ts'
import { SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['membership-exact']
const { settle, shared } = MESSAGES

/** Pods, endpoints and EMQX's own members name the same nodes, as many as asked for. */
export const membershipExact: Check<'membership-exact'> = (run, bounds) => {
  const lastT = endStateT(run)
  const { nodes: wanted } = run.parameters
  const bound = text.bound({ nodes: wanted })
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  const { trigger } = run.moments
  if (trigger === undefined) return open(text.noChange, settle.upgrade)
  const nodes = nodesAt(run, lastT)
  const listed = run.of('nodes').findLast(({ t }) => t <= lastT)
  const fromT = Math.min(listed?.t ?? lastT, lastT)
  if (blindTo(run, 'pods', fromT, lastT) || blindTo(run, 'endpoints', fromT, lastT))
    return open(text.blind, settle.watches)
  const facts = [...podFacts(run, nodes, wanted, lastT), ...serviceFacts(run, nodes, lastT)]
  const nameless = nodes.find(({ name }) => name === '')
  const isFresh =
    listed !== undefined && listed.t >= trigger && lastT - listed.t <= bounds.staleSeconds * SECOND
  if (isFresh && !nameless) {
    const lately = leftLately(run, listed.t - bounds.stoppedSeconds * SECOND)
    facts.push(...memberFacts(nodes, listed.nodes, new Set([...lately, ...stoppedBefore(run, trigger)])))
  }
  if (facts.length > 0 && !hadItsTime(run)) return open(text.unfinished({ fact: facts[0]! }), settle.wholeRun)
  if (facts.length > 0)
    return fail({
      bound,
      measured: text.measured({ facts }),
      sentence: text.broken({ facts }),
      evidence: [evidence('events.ndjson', fromT, lastT, text.seen)],
      figures: { pods: nodes.length, wanted },
    })
  if (!everServed(run)) return open(text.noService, text.noServiceSettle)
  if (nameless) return open(text.nameUnknown(nameless), text.samplesSettle)
  if (!isFresh)
    return open(
      listed && listed.t >= trigger ? text.listedLongAgo({ ns: lastT - listed.t }) : text.neverListed,
      text.samplesSettle,
    )
  return pass({
    bound,
    measured: text.measuredHeld({ nodes: wanted }),
    sentence: text.held({ nodes: wanted }),
    evidence: [evidence('events.ndjson', fromT, lastT, text.seen)],
    figures: { pods: nodes.length, wanted },
  })
}

function podFacts(run: RunView, nodes: readonly NodeView[], wanted: number, lastT: number): string[] {
  const last = new Map(
    run.of('pod').flatMap((event) => (event.t <= lastT ? [[event.name, event.ready]] : [])),
  )
  const unready = nodes.flatMap(({ pod }) => (last.get(pod) === false ? [pod] : []))
  return [
    ...(nodes.length === wanted ? [] : [text.pods({ pods: nodes.length, wanted })]),
    ...(unready.length > 0 ? [text.unready({ pods: unready })] : []),
  ]
}

function serviceFacts(run: RunView, nodes: readonly NodeView[], lastT: number): string[] {
  const members = endpointsAt(run, lastT)
  if (members === undefined || !everServed(run)) return []
  const missing = serving(nodes).flatMap(({ pod }) => (members.includes(pod) ? [] : [pod]))
  const strangers = members.filter((member) => !nodes.some(({ pod }) => pod === member))
  return [
    ...(missing.length > 0 ? [text.missing({ pods: missing })] : []),
    ...(strangers.length > 0 ? [text.strangers({ pods: strangers })] : []),
  ]
}

function memberFacts(
  nodes: readonly NodeView[],
  members: readonly { node: string; running: boolean }[],
  mayBeListed: ReadonlySet<string>,
): string[] {
  const running = new Set(members.flatMap((one) => (one.running ? [one.node] : [])))
  const absent = nodes.flatMap(({ name, pod }) => (running.has(name) ? [] : [pod]))
  const isOwn = (node: string) => nodes.some(({ name }) => name === node)
  const stopped = members.filter((one) => !one.running && !isOwn(one.node) && !mayBeListed.has(one.node))
  const foreign = members.filter((one) => one.running && !isOwn(one.node))
  return [
    ...(absent.length > 0 ? [text.absent({ pods: absent })] : []),
    ...(stopped.length > 0 ? [text.stopped({ nodes: stopped.map(({ node }) => node) })] : []),
    ...(foreign.length > 0 ? [text.foreign({ nodes: foreign.map(({ node }) => node) })] : []),
  ]
}

/** Nodes whose pods were there at `t` and have gone since. */
const leftLately = (run: RunView, t: number): ReadonlySet<string> =>
  new Set(run.nodes.flatMap(({ name, deletingT = 0 }) => (deletingT > t ? [name] : [])))

/** Members that EMQX listed as stopped before the change: they are not its doing. */
const stoppedBefore = (run: RunView, trigger: number): string[] =>
  (run.of('nodes').findLast(({ t }) => t <= trigger)?.nodes ?? []).flatMap(({ node, running }) =>
    running ? [] : [node],
  )
