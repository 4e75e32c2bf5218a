import type { NetworkEvent, TrialEvent, WatchEvent } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { endStateT } from './span.ts'

/** A change of how clients come in from outside, and what was seen of it. */
export interface NetworkChange {
  asked: NetworkEvent
  /** When it was sent. */
  fromT: number
  /** The last try of each address after the change. */
  trials: TrialEvent[]
  /** The Service from the change on, in the order of time; its last state before it first. */
  service: WatchEvent[]
}

/** The last change of the network. */
export function lastNetworkChange(run: RunView): NetworkChange | undefined {
  const asked = run.of('network').at(-1)
  if (!asked) return undefined
  const lastT = endStateT(run)
  const last = new Map<string, TrialEvent>()
  for (const trial of run.of('trial'))
    if (trial.t > asked.t) last.set(`${trial.kind} ${trial.host}:${trial.port} ${trial.what}`, trial)
  const seen = run
    .of('watch')
    .filter(({ kind, name, t }) => kind === 'Service' && name === asked.service && t <= lastT)
  const fromT = asked.t - asked.tookNs
  const before = seen.findLastIndex(({ t }) => t < fromT)
  return { asked, fromT, trials: [...last.values()], service: seen.slice(Math.max(0, before)) }
}
