import { serving } from '#weir/facts/index.ts'
import type { NodeView, RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { generationsMade } from '../evidence/kept-objects.ts'
import { leftSets } from '../evidence/left-sets.ts'
import { endpointsAt, everServed, hadItsTime, nodesAt } from '../evidence/members.ts'
import { endStateT } from '../evidence/span.ts'
import { blindTo } from '../evidence/watches.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['as-before']
const { settle, shared } = MESSAGES

/** A change that was taken back, or that changes nothing, leaves nothing behind. */
export const asBefore: Check<'as-before'> = (run, bounds) => {
  const { trigger } = run.moments
  const lastT = endStateT(run)
  const old = trigger === undefined ? [] : nodesAt(run, trigger)
  const bound = text.bound({ pods: old.length })
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  if (trigger === undefined || old.length === 0) return open(text.noChange, settle.upgrade)
  const watched = ['pods', 'sets', 'endpoints', 'cr'] as const
  if (watched.some((what) => blindTo(run, what, trigger, lastT))) return open(text.blind, settle.watches)
  const asked = resourceFacts(run, bounds.generations, trigger, lastT)
  if (asked === undefined) return open(text.noResource, settle.wholeRun)
  const facts = [...podFacts(run, old, lastT), ...asked, ...setFacts(run, lastT)]
  if (facts.length > 0 && !hadItsTime(run)) return open(text.unfinished({ fact: facts[0]! }), settle.wholeRun)
  const figures = { pods: old.length, setsLeft: leftSets(run, lastT).length }
  const seen = [evidence('events.ndjson', trigger, lastT, text.seen)]
  if (facts.length > 0)
    return fail({
      ...{ bound, figures, evidence: seen },
      measured: text.measured({ facts }),
      sentence: text.broken({ facts }),
    })
  if (!everServed(run)) return open(text.noService, text.noServiceSettle)
  return pass({
    ...{ bound, figures, evidence: seen },
    measured: text.measuredHeld(figures),
    sentence: text.held(figures),
  })
}

function podFacts(run: RunView, old: readonly NodeView[], lastT: number): string[] {
  const there = new Set(nodesAt(run, lastT))
  const gone = old.flatMap((node) => (there.has(node) ? [] : [node.pod]))
  const last = new Map(
    run.of('pod').flatMap((event) => (event.t <= lastT ? [[event.name, event.ready] as const] : [])),
  )
  const unready = old.flatMap((node) => (there.has(node) && last.get(node.pod) === false ? [node.pod] : []))
  const members = everServed(run) ? (endpointsAt(run, lastT) ?? []) : undefined
  const wanted = serving(old).map(({ pod }) => pod)
  const missing = wanted.filter((pod) => members?.includes(pod) === false)
  const strangers = members?.filter((member) => !wanted.includes(member)) ?? []
  return [
    ...(gone.length > 0 ? [text.gone({ pods: gone })] : []),
    ...(unready.length > 0 ? [text.unready({ pods: unready })] : []),
    ...(missing.length + strangers.length > 0 ? [text.service({ missing, strangers })] : []),
  ]
}

/** What the resource asks for at the end, and how often it was changed; undefined where the record does not show it. */
function resourceFacts(run: RunView, most: number, trigger: number, lastT: number): string[] | undefined {
  const before = run.of('cr').findLast(({ t }) => t <= trigger)
  const last = run.of('cr').findLast(({ t }) => t <= lastT)
  if (before === undefined || last === undefined) return undefined
  const { made } = generationsMade(run, trigger, lastT + 1) ?? { made: 0 }
  const { version, condition } = last
  return [
    ...(last.settled ? [] : [text.unsettled({ condition })]),
    ...(version === before.version ? [] : [text.version({ version, before: before.version })]),
    ...(made > most ? [text.generations({ made, most })] : []),
  ]
}

const setFacts = (run: RunView, lastT: number): string[] =>
  leftSets(run, lastT).map(({ name, specReplicas }) => text.setLeft({ set: name, pods: specReplicas }))
