import { lostPods, type RunView } from '#weir/record/view/index.ts'
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
    ...flag('fleet connected', fleetReady),
    ...flag('trigger', trigger),
    ...flag('change done', changeDone),
    ...flag('fleet stops', fleetStopping),
    ...lostPods(run.record).map(({ sinceT: t }): Flag => ({ t, kind: 'moment', text: 'fleet pod lost' })),
  ]
  const deletions = run.nodes.flatMap(({ pod, deletingT }): Flag[] =>
    deletingT === undefined ? [] : [{ t: deletingT, kind: 'deleted', text: `${pod} deleted` }],
  )
  const { scrapes, api } = failuresToAnswer(run)
  const probes = run.of('probe').filter((probe) => !probe.ok)
  const troubles = [
    ...scrapes.map(({ t, pod }) => ({ t, text: `scrape of ${pod} failed` })),
    ...probes.map(({ t }) => ({ t, text: 'probe failed' })),
    ...api.map((failure) => ({ t: failure.t, text: `${failure.api} failed` })),
  ].map((trouble): Flag => ({ ...trouble, kind: 'trouble' }))
  return [...moments, ...deletions, ...troubles].sort((a, b) => a.t - b.t)
}

function flag(text: string, t: number | undefined): Flag[] {
  return t === undefined ? [] : [{ t, kind: 'moment', text }]
}
