import { expectedOf, type TrialEvent } from '#weir/facts/index.ts'
import type { Check } from '../check.ts'
import { lastNetworkChange } from '../evidence/network.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.exposure
const { shared } = MESSAGES

/** What was asked for serves clients from outside, and nothing else is reached from there. */
export const exposure: Check<'exposure'> = (run) => {
  const change = lastNetworkChange(run)
  const none = { bound: text.noBound, measured: shared.unknown }
  if (!change) return unknown({ ...none, why: text.noChange, settle: text.noChangeSettle })
  const { asked, trials } = change
  const bound = text.bound({ listeners: asked.ports.map(({ listener }) => listener) })
  const first = trials[0]
  const open = (why: string, settle: string) =>
    unknown({ bound, measured: shared.unknown, why, settle, evidence: seen })
  const seen = first
    ? [evidence('events.ndjson', Math.min(...trials.map(({ t }) => t)), trials.at(-1)!.t, text.seen)]
    : []
  if (!first) return open(text.untried, text.untriedSettle)
  const [served, closed] = (['served', 'closed'] as const).map((what) =>
    trials.filter((trial) => expectedOf(trial, asked) === what),
  ) as [TrialEvent[], TrialEvent[]]
  const outside = served.filter(({ kind }) => kind !== 'cluster-ip')
  const unreached = served.filter((trial) => !isServed(trial) && !isBeyondReach(trial, served))
  const exposed = closed.filter(({ outcome }) => outcome !== 'closed')
  const result = {
    bound,
    measured: text.measured({
      served: outside.filter(isServed).length,
      asked: outside.length,
      exposed: exposed.length,
    }),
    evidence: seen,
    figures: { served: outside.filter(isServed).length, asked: outside.length, exposed: exposed.length },
  }
  const wrong = unreached.find(({ outcome }) => outcome !== 'denied')
  if (wrong)
    return fail({ ...result, sentence: text.unreached({ trial: wrong, others: unreached.length - 1 }) })
  const own = exposed.find(({ service }) => service !== undefined)
  if (own) return fail({ ...result, sentence: text.exposed({ trial: own, others: exposed.length - 1 }) })
  const [denied] = unreached
  if (denied) return open(text.denied({ trial: denied }), text.deniedSettle)
  const [foreign] = exposed
  if (foreign) return open(text.foreign({ trial: foreign }), text.foreignSettle)
  const lacks = asked.network === 'ClusterIP' ? closed : outside.filter(isServed)
  if (lacks.length === 0) return open(text.none({ network: asked.network }), text.noneSettle)
  return pass({ ...result, sentence: text.held({ network: asked.network, outside, closed, served }) })
}

const isServed = ({ outcome }: TrialEvent) => outcome === 'served'

/** Silence at one node, while others serve the same: what lies before that node does not let this machine through, or it has no pod of its own. */
const isBeyondReach = (trial: TrialEvent, served: readonly TrialEvent[]): boolean =>
  trial.kind === 'node-port' &&
  trial.why === 'no answer' &&
  served.some((one) => one.kind === 'node-port' && one.what === trial.what && isServed(one))
