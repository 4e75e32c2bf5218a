import type { MessageLatency, Receipt } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

/** What became of the messages of one quality of service, over all publishers and their subscribers. */
export interface QosFigures {
  qos: 0 | 1 | 2
  sent: number
  acknowledged: number
  received: number
  lost: number
  /** Never came, and promised to nobody. */
  missed: number
  /** Copies beyond the first, and those of them that a redelivery explains. */
  duplicated: number
  redelivered: number
  reordered: number
  latencies: MessageLatency[]
}

export interface MessageFigures {
  byQos: QosFigures[]
  /** Wills that came to a subscriber, each once; and copies of them, which a subscriber that moves may get at QoS 1. */
  wills: number
  willCopies: number
  /** Pairs of publisher and subscriber that cannot be told, and whether all had arrived. */
  overflowed: number
  settled: boolean
}

/** What the record says of the fleet's own messages; undefined where it had none, or their account is not whole. */
export function messageFigures({ record }: RunView): MessageFigures | undefined {
  const { messages } = record
  if (!messages?.complete) return undefined
  const own = messages.publishers.filter((publisher) => publisher.fleet === undefined)
  const receipts = own.flatMap((publisher) =>
    publisher.receipts.filter((receipt) => !receipt.unexpected).map((receipt) => ({ publisher, receipt })),
  )
  const byQos = ([0, 1, 2] as const).flatMap((qos): QosFigures[] => {
    const published = own.filter((publisher) => publisher.qos === qos)
    if (published.length === 0) return []
    const got = receipts.filter(({ publisher }) => publisher.qos === qos).map(({ receipt }) => receipt)
    const sum = (key: SummedReceipt) => got.reduce((total, receipt) => total + whole(receipt[key]), 0)
    return [
      {
        qos,
        sent: published.reduce((total, one) => total + whole(one.sent), 0),
        acknowledged: published.reduce((total, one) => total + whole(one.acknowledged), 0),
        received: sum('received'),
        lost: sum('lost'),
        missed: sum('missed'),
        duplicated: sum('duplicated'),
        redelivered: sum('redelivered'),
        reordered: sum('reordered'),
        latencies: messages.latencies.filter((latency) => latency.qos === qos),
      },
    ]
  })
  const wills = new Set(
    messages.wills.map(({ publisher, attempt, subscriber }) => `${publisher} ${attempt} ${subscriber}`),
  ).size
  return {
    byQos,
    wills,
    willCopies: messages.wills.length - wills,
    overflowed: receipts.filter(({ receipt }) => receipt.overflow).length,
    settled: messages.settled,
  }
}

/** A record may have been written by anything: what is no number counts for nothing. */
const whole = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)

type SummedReceipt = keyof Pick<
  Receipt,
  'received' | 'lost' | 'missed' | 'duplicated' | 'redelivered' | 'reordered'
>

/** "12 ms", "1.40 s": what a latency table shows. */
export function latencyText(ms: number): string {
  if (!Number.isFinite(ms)) return '–'
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`
  return ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`
}
