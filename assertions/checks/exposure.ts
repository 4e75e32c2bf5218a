import type { NetworkEvent } from '#weir/facts/index.ts'
import type { Check } from '../check.ts'
import { type JudgedTrial, lastNetworkChange } from '../evidence/network.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.exposure
const { shared } = MESSAGES

/** What was asked for serves clients from outside, and nothing else is reached from there. */
export const exposure: Check<'exposure'> = (run) => {
  const change = lastNetworkChange(run)
  const none = { bound: text.noBound, measured: shared.unknown }
  if (!change) return unknown({ ...none, why: text.noChange, settle: text.noChangeSettle })
  const { asked, trials, beyondReach } = change
  const listeners = asked.ports.map(({ listener }) => listener)
  const bound = text.bound({ listeners })
  if (trials.length === 0)
    return unknown({
      ...{ bound, measured: shared.unknown },
      ...(beyondReach === 0
        ? { why: text.untried, settle: text.untriedSettle }
        : { why: text.beyondReach({ beyondReach }), settle: text.beyondReachSettle }),
    })
  const times = trials.map(({ t }) => t)
  const seen = [evidence('events.ndjson', Math.min(...times), Math.max(...times), text.seen)]
  const open = (why: string, settle: string) =>
    unknown({ bound, measured: shared.unknown, why, settle, evidence: seen })
  const [served, closed] = (['served', 'closed'] as const).map((what) =>
    trials.filter(({ expected }) => expected === what),
  ) as [JudgedTrial[], JudgedTrial[]]
  const outside = served.filter(({ kind }) => kind !== 'cluster-ip')
  const unreached = served.filter((trial) => !isServed(trial) && !isElsewhere(trial, asked, served))
  const exposed = closed.filter(({ outcome }) => outcome !== 'closed')
  const figures = { served: outside.filter(isServed).length, asked: outside.length, exposed: exposed.length }
  const result = { bound, measured: text.measured(figures), evidence: seen, figures }
  const wrong = unreached.find(({ outcome }) => outcome !== 'denied')
  if (wrong && asked.externalTrafficPolicy === 'Local' && wrong.kind === 'node-port')
    return open(text.local({ trial: wrong }), text.localSettle)
  if (wrong)
    return fail({ ...result, sentence: text.unreached({ trial: wrong, others: unreached.length - 1 }) })
  const own = exposed.find(({ service }) => service !== undefined)
  if (own) return fail({ ...result, sentence: text.exposed({ trial: own, others: exposed.length - 1 }) })
  const [denied] = unreached
  if (denied) return open(text.denied({ trial: denied }), text.deniedSettle)
  const [foreign] = exposed
  if (foreign) return open(text.foreign({ trial: foreign }), text.foreignSettle)
  if (asked.network === 'ClusterIP') {
    if (closed.length === 0) return open(text.nonePast, text.noneSettle)
  } else {
    const untried = listeners.find(
      (listener) => !outside.some((one) => one.what === listener && isServed(one)),
    )
    if (untried !== undefined) return open(text.unseen({ listener: untried }), text.noneSettle)
  }
  return pass({ ...result, sentence: text.held({ network: asked.network, outside, closed, served }) })
}

const isServed = ({ outcome }: JudgedTrial) => outcome === 'served'

/** Under the policy Local a node without a pod of its own serves nobody, while others do. */
const isElsewhere = (
  trial: JudgedTrial,
  { externalTrafficPolicy }: NetworkEvent,
  served: readonly JudgedTrial[],
): boolean =>
  externalTrafficPolicy === 'Local' &&
  trial.kind === 'node-port' &&
  served.some((one) => one.kind === 'node-port' && one.what === trial.what && isServed(one))
