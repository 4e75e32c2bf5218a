import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { type Breach, type MessageTally, tally } from '../evidence/message-tally.ts'
import { judgedSpan } from '../evidence/span.ts'
import { noAccount } from '../evidence/traffic-account.ts'
import { clientId, moment } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'
import type { Finding } from '../verdict/verdict.ts'

const text = MESSAGES.messages

/** Messages of the fleet arrive as their quality of service promises (MQTT 5 §4.3), in order (§4.6). */
export const messages: Check<'messages'> = (run, bounds) => {
  const mayDuplicate = run.hasParameters && (run.parameters.dialect.takeoverMayDuplicate ?? true)
  const bound = text.bound({ ...bounds, mayDuplicate })
  const account = run.record.messages
  if (!account?.complete || account.publishers.length === 0) return noAccount(run, 'publishers', bound)
  const found = tally(run, account, bounds.takeoverSeconds)
  const lost = sum(found.lost)
  const parts = {
    bound,
    measured: text.measured({
      lost,
      acknowledged: found.acknowledged,
      twice: sum(found.twice),
      disordered: sum(found.disordered),
    }),
    figures: {
      ...figuresOf(found),
      mostLost: bounds.lost,
      mostTwice: bounds.twice,
      mostDisordered: bounds.disordered,
    },
  }
  const spanT = [account.beganT ?? 0, judgedSpan(run).toT] as const
  const broken = [
    ...(lost > bounds.lost ? [lostSentence(run, found)] : []),
    ...(sum(found.twice) > bounds.twice ? [text.twice(breachOf(run, found.twice))] : []),
    ...(sum(found.disordered) > bounds.disordered ? [text.disordered(breachOf(run, found.disordered))] : []),
  ]
  if (broken.length > 0)
    return fail({
      ...parts,
      sentence: MESSAGES.verdict.sentences(broken),
      evidence: [evidence('messages.ndjson', ...spanT, text.seen)],
    })
  const open = whyOpen(found, account.settled)
  if (open) return unknown({ ...parts, why: open.why, settle: open.settle })
  return pass({
    ...parts,
    sentence: text.held(found),
    evidence: [evidence('messages.ndjson', ...spanT, text.seen)],
  })
}

function whyOpen(found: MessageTally, settled: boolean): { why: string; settle: string } | undefined {
  const { pairs, overflowed, waiting } = found
  if (pairs === 0) return { why: text.noPairs, settle: text.noPairsSettle }
  if (overflowed > 0) return { why: text.overflow({ overflowed, pairs }), settle: text.overflowSettle }
  if (!settled) return { why: text.waiting({ waiting }), settle: text.waitingSettle }
  if (found.received === 0) return { why: text.noneReceived, settle: text.noneReceivedSettle }
  return undefined
}

function lostSentence(run: RunView, found: MessageTally): string {
  const { account, receipt } = worst(found.lost)
  const { share } = receipt
  return text.lost({
    lost: sum(found.lost),
    acknowledged: found.acknowledged,
    subscribers: subscribers(found.lost),
    pairLost: receipt.lost,
    from: clientId(run, account.publisher),
    to: share === undefined ? clientId(run, receipt.subscriber) : text.membersOf({ share }),
    sequences: receipt.lostSequences,
  })
}

function breachOf(run: RunView, breaches: readonly Breach[]) {
  const { account, receipt, t } = worst(breaches)
  return {
    messages: sum(breaches),
    subscribers: subscribers(breaches),
    from: clientId(run, account.publisher),
    to: clientId(run, receipt.subscriber),
    at: t === undefined ? undefined : moment(run, t),
  }
}

const sum = (breaches: readonly Breach[]) => breaches.reduce((total, one) => total + one.count, 0)
const worst = (breaches: readonly Breach[]) => breaches.reduce((a, b) => (b.count > a.count ? b : a))

const subscribers = (breaches: readonly Breach[]) =>
  new Set(breaches.map(({ receipt }) => receipt.share ?? receipt.subscriber)).size

function figuresOf(found: MessageTally): Finding['figures'] {
  const { lost, twice, disordered, ...counts } = found
  return { ...counts, lost: sum(lost), twice: sum(twice), disordered: sum(disordered) }
}
