import {
  expectedOf,
  isSilent,
  type NetworkEvent,
  type TrialEvent,
  type WatchEvent,
} from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { endStateT } from './span.ts'

/** A try after the change, and what it is to show. */
export interface JudgedTrial extends TrialEvent {
  expected: 'served' | 'closed' | 'either'
}

/** A change of how clients come in from outside, and what was seen of it. */
export interface NetworkChange {
  asked: NetworkEvent
  /** When it was sent. */
  fromT: number
  /** The last try of each address after the change, but for hosts of which no address ever gave an answer: they are beyond reach from here. */
  trials: JudgedTrial[]
  /** How many addresses are beyond reach. */
  beyondReach: number
  /** The Service from the change on, in the order of time; its last state before it first. */
  service: WatchEvent[]
}

/** The last change of the network. */
export function lastNetworkChange(run: RunView): NetworkChange | undefined {
  const asked = run.of('network').at(-1)
  if (!asked) return undefined
  const fromT = asked.t - asked.tookNs
  const lastT = endStateT(run)
  const all = run.of('trial')
  const before = lastOfEach(all.filter(({ t }) => t <= asked.t))
  const after = lastOfEach(all.filter(({ t }) => t > asked.t))
  const answered = new Set(all.filter((trial) => !isSilent(trial)).map(({ host }) => host))
  const judged = [...after].map(([key, trial]): JudgedTrial => {
    const served = before.get(key)?.outcome === 'served'
    return { ...trial, expected: expectedOf(trial, asked, served) }
  })
  const trials = judged.filter(({ host }) => answered.has(host))
  const seen = run
    .of('watch')
    .filter(({ kind, name, t }) => kind === 'Service' && name === asked.service && t <= lastT)
  const known = seen.findLastIndex(({ t }) => t < fromT)
  const service = seen.slice(Math.max(0, known))
  return { asked, fromT, trials, beyondReach: judged.length - trials.length, service }
}

const lastOfEach = (trials: readonly TrialEvent[]): Map<string, TrialEvent> =>
  new Map(trials.map((trial) => [`${trial.kind} ${trial.host}:${trial.port} ${trial.what}`, trial]))
