import type { MessageLatency, Receipt } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

/** Delivery of the messages of one quality of service, over all publishers and their subscribers. */
export interface QosFigures {
  qos: 0 | 1 | 2
  sent: number
  acknowledged: number
  received: number
  lost: number
  /** Never arrived, and had no subscriber with a session. */
  missed: number
  /** Copies beyond the first, and those of them that a redelivery explains. */
  duplicated: number
  redelivered: number
  reordered: number
  latencies: MessageLatency[]
}

export interface MessageFigures {
  byQos: QosFigures[]
  /** Wills that reached a subscriber, each once; and copies of them, which a moving subscriber may receive at QoS 1. */
  wills: number
  willCopies: number
  /** Pairs of publisher and subscriber that could not be tracked, and whether all messages had arrived. */
  overflowed: number
  settled: boolean
}

/** Delivery of the fleet's messages; undefined without messages or a complete account of them. */
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

/** Records may come from other tools: anything but a number counts as 0. */
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
