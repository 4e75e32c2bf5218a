import type {
  LedgerReport,
  MessageLatency,
  Messages,
  PublisherAccount,
  WillReceipt,
} from '#weir/facts/index.ts'
import { messageProblem } from './schema/index.ts'

export type MessageLine =
  | ({ type: 'publisher' } & PublisherAccount)
  | ({ type: 'will' } & WillReceipt)
  | ({ type: 'latency' } & MessageLatency)
  | MessageEnd

interface MessageEnd extends Omit<LedgerReport, 'publishers' | 'wills' | 'latencies'> {
  type: 'end'
  /** How many lines of each kind stand above. */
  publishers: number
  wills: number
  latencies: number
}

/** The lines of messages.ndjson in the order in which they are written. */
export function* messageLines(account: LedgerReport): Generator<MessageLine> {
  const { publishers, wills, latencies, foreign, settled, beganT, endedT } = account
  for (const publisher of publishers) yield { type: 'publisher', ...publisher }
  for (const will of wills) yield { type: 'will', ...will }
  for (const latency of latencies) yield { type: 'latency', ...latency }
  yield {
    type: 'end',
    publishers: publishers.length,
    wills: wills.length,
    latencies: latencies.length,
    foreign,
    settled,
    ...(beganT !== undefined && { beganT }),
    ...(endedT !== undefined && { endedT }),
  }
}

/** The account that lines make; `damage` names what is missing of it. */
export function accountOf(text: string): { messages: Messages; damage: string[] } {
  const messages: Messages = {
    publishers: [],
    wills: [],
    latencies: [],
    foreign: 0,
    settled: false,
    complete: false,
  }
  const damage: string[] = []
  let end: MessageEnd | undefined
  for (const [at, content] of text.split('\n').entries()) {
    if (content === '') continue
    const line = parsed(content)
    const problem = line === undefined ? 'it is no JSON object' : messageProblem(line)
    if (line === undefined || problem !== undefined) damage.push(`line ${at + 1} cannot be read: ${problem}`)
    else if (line.type === 'publisher') messages.publishers.push(without(line))
    else if (line.type === 'will') messages.wills.push(without(line))
    else if (line.type === 'latency') messages.latencies.push(without(line))
    else if (line.type === 'end') end = line
  }
  if (end === undefined)
    return { messages, damage: [...damage, 'it has no end line: later lines are missing'] }
  const { publishers, wills, latencies, type: _, ...rest } = end
  const isWhole =
    publishers === messages.publishers.length &&
    wills === messages.wills.length &&
    latencies === messages.latencies.length
  if (!isWhole && damage.length === 0) damage.push('lines are missing')
  return { messages: { ...messages, ...rest, complete: isWhole }, damage }
}

function without<L extends { type: string }>({ type: _, ...rest }: L): Omit<L, 'type'> {
  return rest
}

function parsed(line: string): MessageLine | undefined {
  try {
    const value: unknown = JSON.parse(line)
    const isLine = typeof value === 'object' && value !== null && 'type' in value
    return isLine ? (value as MessageLine) : undefined
  } catch {
    return undefined // The caller knows which line it is, and says so.
  }
}
