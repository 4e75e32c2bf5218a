import type { Evacuation, Parameters } from '#weir/facts/index.ts'
import type { Run } from './run.ts'
import { betweenSecondsLeft, evacuationSecondsLeft, type Waits } from './time-left.ts'

type Known = Pick<Run, 'clock'> & { state: Pick<Run['state'], 'phase' | 'parameters'> }

/** What was seen of the evacuations of a run, by node: when each came into its state, and the how many-th it is. */
export class EvacuationsSeen {
  readonly #byNode = new Map<string, { state: Evacuation['state']; t: number }>()

  /** The one that was seen last, and when. */
  #last: { evacuation: Evacuation; t: number } | undefined

  /** Of an update: the how many-th node of how many is moved. Where more are moved than were to be, nothing. */
  placeOf(evacuation: Evacuation, run: Known): { number: number; count: number } | undefined {
    this.#see(evacuation, run)
    const { phase, parameters } = run.state
    if (phase !== 'upgraded' || !parameters) return undefined
    const number = [...this.#byNode.keys()].indexOf(evacuation.node) + 1
    const count = evacuated(parameters)
    return number <= count ? { number, count } : undefined
  }

  /** How long they still take, in seconds. */
  secondsLeft(evacuation: Evacuation, run: Known): number | undefined {
    const { t } = this.#see(evacuation, run)
    const { parameters } = run.state
    if (!parameters) return undefined
    const place = this.placeOf(evacuation, run)
    return evacuationSecondsLeft(
      {
        evacuation,
        stateSeconds: (run.clock.now() - t) / 1e9,
        later: place ? place.count - place.number : 0,
      },
      waitsOf(parameters),
    )
  }

  /** The same while no node is moved: undefined before the first and after the last. */
  secondsLeftBetween({ clock, state: { phase, parameters } }: Known): number | undefined {
    const last = this.#last
    if (phase !== 'upgraded' || !parameters || !last) return undefined
    const later = evacuated(parameters) - this.#byNode.size
    const sinceSeconds = (clock.now() - last.t) / 1e9
    return betweenSecondsLeft({ evacuation: last.evacuation, later }, sinceSeconds, waitsOf(parameters))
  }

  #see(evacuation: Evacuation, { clock }: Known): { t: number } {
    const { node, state } = evacuation
    this.#last = { evacuation, t: clock.now() }
    const before = this.#byNode.get(node)
    if (before?.state === state) return before
    const now = { state, t: clock.now() }
    this.#byNode.set(node, now)
    return now
  }
}

const waitsOf = (parameters: Parameters): Waits => ({
  healthCheckSeconds: parameters.dialect.healthCheckWaitSeconds,
  takeoverSeconds: (parameters.asked ?? parameters).waitTakeoverSeconds,
  pollSeconds: parameters.pollIntervalSeconds,
})

/** Nodes without clients are not evacuated by every operator. */
const evacuated = ({ nodes, servingNodes = nodes, dialect }: Parameters): number =>
  dialect.skipsEmptyNodes ? servingNodes : nodes
