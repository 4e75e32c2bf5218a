import { lostPods, type RunView } from '#weir/record/view/index.ts'
import { TIMELINE_TEXTS as texts } from '../texts/index.ts'
import { failuresToAnswer } from './failures.ts'

/** A stretch of time that charts shade. */
export interface Band {
  fromT: number
  toT: number
  kind:
    | 'evicting_conns'
    | 'waiting_takeover'
    | 'evicting_sessions'
    | 'waiting_health_check'
    | 'hold'
    | 'blind'
  /** Node of an evacuation state. */
  node?: number
}

/** A moment that charts draw a line at. */
export interface Flag {
  t: number
  kind: 'moment' | 'deleted' | 'trouble'
  text: string
  isTrigger?: boolean
}

/** Evacuation states, the hold at the end, and the periods in which a watch was lost. */
export function bands(run: RunView): Band[] {
  const states = run.evacuations.flatMap(({ node, states, goneT, lastSeenT }) =>
    states.flatMap(({ state, seenT }, index): Band[] => {
      if (state === 'prohibiting') return []
      return [{ fromT: seenT, toT: states[index + 1]?.seenT ?? goneT ?? lastSeenT, kind: state, node }]
    }),
  )
  const { end } = run.moments
  const gaps = run.gaps.map(({ fromT, toT }): Band => ({ fromT, toT: Math.min(toT, end), kind: 'blind' }))
  const { changeDone, holdEnd } = run.moments
  const hold: Band[] =
    changeDone !== undefined && holdEnd !== undefined
      ? [{ fromT: changeDone, toT: holdEnd, kind: 'hold' }]
      : []
  return [...states, ...gaps, ...hold]
}

/** The run's moments, the loss of fleet pods, the deletion of pods, and failed requests. */
export function flags(run: RunView): Flag[] {
  const { fleetReady, trigger, changeDone, fleetStopping } = run.moments
  const moments: Flag[] = [
    ...flag(texts.moments.fleetReady, fleetReady),
    ...flag(texts.moments.trigger, trigger).map((one) => ({ ...one, isTrigger: true })),
    ...flag(texts.moments.changeDone, changeDone),
    ...flag(texts.moments.fleetStopping, fleetStopping),
    ...lostPods(run.record).map(
      ({ sinceT: t }): Flag => ({ t, kind: 'moment', text: texts.moments.podLost }),
    ),
  ]
  const deletions = run.nodes.flatMap(({ pod, deletingT }): Flag[] =>
    deletingT === undefined ? [] : [{ t: deletingT, kind: 'deleted', text: texts.podDeleted(pod) }],
  )
  const { scrapes, api } = failuresToAnswer(run)
  const probes = run.of('probe').filter((probe) => !probe.ok)
  const troubles = [
    ...scrapes.map(({ t, pod }) => ({ t, text: texts.scrapeFailed(pod) })),
    ...probes.map(({ t }) => ({ t, text: texts.probe })),
    ...api.map((failure) => ({ t: failure.t, text: texts.apiFailed(failure.api) })),
  ].map((trouble): Flag => ({ ...trouble, kind: 'trouble' }))
  return [...moments, ...deletions, ...troubles].sort((a, b) => a.t - b.t)
}

function flag(text: string, t: number | undefined): Flag[] {
  return t === undefined ? [] : [{ t, kind: 'moment', text }]
}
