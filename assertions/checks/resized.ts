import { type PodEvent, type Resources, sameResources } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { hadItsTime, nodesAt } from '../evidence/members.ts'
import { endStateT } from '../evidence/span.ts'
import { blindTo } from '../evidence/watches.ts'
import { moment } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.resized
const { settle, shared } = MESSAGES

/** Every pod has what was asked for, cores and replicants alike, and none was killed for having too little. */
export const resized: Check<'resized'> = (run, bounds) => {
  const { targetResources: wanted, nodes } = run.parameters
  const lastT = endStateT(run)
  const bound = text.bound({ wanted })
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  const { trigger } = run.moments
  if (trigger === undefined || wanted === undefined) return open(text.noResize, text.noResizeSettle)
  if (blindTo(run, 'pods', trigger, lastT)) return open(text.blind, settle.watches)
  const there = new Set(nodesAt(run, lastT).map(({ pod }) => pod))
  const last = new Map(
    run.of('pod').flatMap((event) => (event.t <= lastT ? [[event.name, event] as const] : [])),
  )
  const pods = [...last.values()].filter(({ name }) => there.has(name))
  const wrong = pods.filter(({ resources }) => resources && !sameResources(resources, wanted))
  const untold = pods.find(({ resources }) => resources === undefined)
  const ends = endsOf(run, trigger, lastT)
  const restarts = Math.max(0, ...ends.map(({ restarts }) => restarts))
  const right = pods.length - wrong.length
  const result = {
    bound,
    measured: text.measured({ right, all: pods.length, restarts }),
    figures: { pods: pods.length, asRequested: right, restarts },
    evidence: [evidence('events.ndjson', trigger, lastT, text.seen)],
  }
  const killed = ends.find(({ isKilled }) => isKilled)
  if (killed)
    return fail({ ...result, sentence: text.killed({ pod: killed.pod, at: moment(run, killed.t) }) })
  const restarted = ends.find((end) => end.restarts > bounds.restarts)
  if (restarted)
    return fail({ ...result, sentence: text.restarted({ ...restarted, at: moment(run, restarted.t) }) })
  const fact = otherwise(wrong, wanted, pods.length) ?? fewer(pods.length, nodes)
  if (fact !== undefined && !hadItsTime(run)) return open(text.unfinished({ fact }), settle.wholeRun)
  if (fact !== undefined) return fail({ ...result, sentence: fact })
  if (untold) return open(text.untold({ pod: untold.name }), text.untoldSettle)
  return pass({ ...result, sentence: text.held({ pods: pods.length, wanted }) })
}

const fewer = (pods: number, wanted: number): string | undefined =>
  pods < wanted ? text.fewer({ pods, wanted }) : undefined

function otherwise(wrong: readonly PodEvent[], wanted: Resources, all: number): string | undefined {
  const [first] = wrong
  if (first === undefined) return undefined
  return text.otherwise({ pods: wrong.map(({ name }) => name), has: first.resources!, wanted, all })
}

/** How EMQX ended in pods that came after the change, as far as it did. */
function endsOf(run: RunView, trigger: number, lastT: number) {
  const old = new Set(nodesAt(run, trigger).map(({ pod }) => pod))
  return run.of('pod').flatMap(({ t, name, container, deleting }) => {
    if (t <= trigger || t > lastT || old.has(name) || deleting || !container) return []
    const isKilled = container.lastEnd?.reason === 'OOMKilled'
    return isKilled || container.restarts > 0
      ? [{ t, pod: name, restarts: container.restarts, isKilled }]
      : []
  })
}
