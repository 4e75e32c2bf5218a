import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { type Breach, type MessageTally, tally } from '../evidence/message-tally.ts'
import { judgedSpan } from '../evidence/span.ts'
import { noAccount } from '../evidence/traffic-account.ts'
import { atTrigger, count } from '../evidence/wording.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'
import type { Finding } from '../verdict/verdict.ts'

/** What the fleet says to itself arrives as its quality of service promises (MQTT 5 §4.3), in order (§4.6). */
export const messages: Check<'messages'> = (run, bounds) => {
  const bound = boundOf(run, bounds)
  const account = run.record.messages
  if (!account?.complete || account.publishers.length === 0) return noAccount(run, 'publishers', bound)
  const found = tally(run, account, bounds.takeoverSeconds)
  const lost = sum(found.lost)
  const parts = {
    bound,
    measured: `${lost} of ${found.acknowledged} acknowledged lost, ${sum(found.twice)} twice, ${sum(found.disordered)} out of order`,
    figures: figuresOf(found),
  }
  const spanT = [account.beganT ?? 0, judgedSpan(run).toT] as const
  const broken = [
    ...(lost > bounds.lost ? [lostSentence(run, found)] : []),
    ...(sum(found.twice) > bounds.twice ? [twiceSentence(run, found)] : []),
    ...(sum(found.disordered) > bounds.disordered ? [disorderSentence(run, found)] : []),
  ]
  if (broken.length > 0)
    return fail({
      ...parts,
      sentence: broken.join(' '),
      evidence: [evidence('messages.ndjson', ...spanT, 'what became of the messages')],
    })
  const open = whyOpen(found, account.settled)
  if (open) return unknown({ ...parts, why: open.why, settle: open.settle })
  return pass({
    ...parts,
    sentence: passSentence(found),
    evidence: [evidence('messages.ndjson', ...spanT, 'what became of the messages')],
  })
}

function boundOf(run: RunView, bounds: Bounds<'messages'>): string {
  const doubles = run.hasParameters && (run.parameters.dialect.takeoverMayDuplicate ?? true)
  const exempt = doubles ? 'these two but' : 'the latter but'
  return `${bounds.lost} lost of QoS 1 and 2, ${bounds.twice} of QoS 2 twice, ${bounds.disordered} out of order (${exempt} within ${bounds.takeoverSeconds} s of a takeover)`
}

function whyOpen(found: MessageTally, settled: boolean): { why: string; settle: string } | undefined {
  if (found.pairs === 0)
    return {
      why: 'nothing that was published is accounted for at a subscriber',
      settle: 'publishers of payload kind "ledger" to whose topics somebody is subscribed',
    }
  if (found.overflowed > 0)
    return {
      why: `of ${found.overflowed} of ${count(found.pairs, 'pair')} of publisher and subscriber too many messages were under way at once to be told apart`,
      settle: 'fewer messages a second, or clients that are away for a shorter time',
    }
  if (!settled)
    return {
      why:
        found.waiting > 0
          ? `${count(found.waiting, 'message')} had not arrived when the run ended, and may only have been late`
          : 'messages were still under way when the run ended',
      settle: 'a run that is not cut short, with every client online at its end',
    }
  if (found.received === 0)
    return { why: 'no message arrived that could be judged', settle: 'a run in which clients publish' }
  return undefined
}

function lostSentence(run: RunView, found: MessageTally): string {
  const { account, receipt } = worst(found.lost)
  const { share } = receipt
  const to = share === undefined ? idOf(run, receipt.subscriber) : `the members of ${share}`
  const sequences = receipt.lostSequences.slice(0, 3).join(', ')
  const which = sequences
    ? ` (${receipt.lost === 1 ? 'number' : 'numbers'} ${sequences}${receipt.lost > 3 ? ', …' : ''})`
    : ''
  return `${count(sum(found.lost), 'acknowledged message')} of ${found.acknowledged} never reached ${who(found.lost)}, whose session was there all the time: ${receipt.lost} from ${idOf(run, account.publisher)} to ${to}${which}.`
}

function twiceSentence(run: RunView, found: MessageTally): string {
  const { account, receipt, t } = worst(found.twice)
  const when = t === undefined ? '' : ` ${atTrigger(run, t)}`
  return `${count(sum(found.twice), 'message')} of QoS 2 came more than once to ${who(found.twice)}, one from ${idOf(run, account.publisher)} to ${idOf(run, receipt.subscriber)}${when}.`
}

function disorderSentence(run: RunView, found: MessageTally): string {
  const { account, receipt, t } = worst(found.disordered)
  const when = t === undefined ? '' : ` ${atTrigger(run, t)}`
  return `${count(sum(found.disordered), 'message')} came after a later one of the same publisher and topic to ${who(found.disordered)}, one from ${idOf(run, account.publisher)} to ${idOf(run, receipt.subscriber)}${when}.`
}

function passSentence(found: MessageTally): string {
  const told = [
    ...(found.redelivered > 0 ? [`${found.redelivered} came again by redelivery`] : []),
    ...(found.extraQos1 > 0 ? [`${found.extraQos1} of QoS 1 came again, as QoS 1 may`] : []),
    ...(found.atTakeover > 0 ? [`${found.atTakeover} came twice or out of order at a takeover`] : []),
    ...(found.lostQos0 > 0 ? [`${found.lostQos0} of QoS 0 were lost, as QoS 0 may be`] : []),
    ...(found.missed > 0 ? [`${found.missed} were promised to nobody`] : []),
    ...(found.astray > 0 ? [`${found.astray} came to clients that had not subscribed`] : []),
    ...(found.shared > 0
      ? [`of ${count(found.shared, 'pair')} of publisher and shared subscription only losses are judged`]
      : []),
    ...(found.waiting > 0 ? [`${found.waiting} wait for clients that were away at the end`] : []),
  ]
  const rest = told.length > 0 ? ` (${told.join(', ')})` : ''
  return `${count(found.received, 'message')} arrived of ${found.sent} sent, none that was promised is missing${rest}.`
}

const sum = (breaches: readonly Breach[]) => breaches.reduce((total, one) => total + one.count, 0)
const worst = (breaches: readonly Breach[]) => breaches.reduce((a, b) => (b.count > a.count ? b : a))
const idOf = ({ record }: RunView, client: number) => record.fleet.ids[client] ?? String(client)

function who(breaches: readonly Breach[]): string {
  const subscribers = new Set(breaches.map(({ receipt }) => receipt.share ?? receipt.subscriber))
  return count(subscribers.size, 'subscriber')
}

function figuresOf(found: MessageTally): Finding['figures'] {
  const { lost, twice, disordered, ...counts } = found
  return { ...counts, lost: sum(lost), twice: sum(twice), disordered: sum(disordered) }
}
