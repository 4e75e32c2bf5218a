import type { ChartId } from '#weir/facts/index.ts'

const capital = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}`

/** The charts' titles, notes, and what each shows in words, in English. */
export const english = {
  titles: {
    connections: {
      title: 'Connections per node',
      note: 'Lines: connections of the clients. Rings: emqx_live_connections_count as scraped; crosses: emqx_connections_count, which also counts parked sessions. Straight dashed lines: the lowest count that the configured rate permits while a node evacuates.',
    },
    prometheus: {
      title: 'Connections per pod, by Prometheus',
      note: 'What the page Graph of the Prometheus shows for the channel count, which also counts parked sessions: at each step the value of the last scrape.',
    },
    rates: {
      title: 'Attempts and evictions within one second',
      note: 'Each point is the most within any one second that ends there: a sliding window hides no burst.',
    },
    burst: {
      title: 'Ahead of the permitted rate',
      note: 'Connection attempts, and evictions of one node, beyond the configured rate. The envelope holds while each line stays below its dashed line; the highest point is the tightest burst.',
    },
    offline: {
      title: 'Clients offline',
      note: 'Clients that lost their connection and have not reconnected yet.',
    },
    membership: {
      title: 'Service membership and evacuations',
      note: 'One row per pod. Thin line: lifetime of the pod. Upper bar: the Service sends clients to it. Lower bar: evacuation of its node.',
    },
    health: {
      title: 'Harness',
      note: 'A slow harness records events late: above the dashed lines, rates and times are unreliable.',
    },
  } satisfies Record<ChartId, { title: string; note: string }>,
  downtimeTitle: 'Downtime per disconnect',
  downtimeNote:
    'From an unplanned disconnect to the next CONNACK 0 of the same client; percentiles by HDR histogram.',
  afterLoss: ' Clients of a lost fleet pod are drawn until the moment up to which they are known.',
  afterLossCounted:
    ' Clients of a lost fleet pod are drawn until the moment up to which they are known; the red dotted line counts them from then on.',
  window: 'Time window of all charts',
  noScript: 'The charts need JavaScript; the text below each describes it.',
  chartOf: (title: string) => `${title}: chart`,
  figuresOf: (title: string) => `${title}: figures`,
  asTable: 'Figures as a table',
  longest: 'longest',
  within: 'reconnected within',
  axis: 'time without a connection (logarithmic)',
  median: 'median',
  bar: (v: { clients: number; from: string; to: string }) => `${v.clients} clients: ${v.from} to ${v.to}`,
  none: 'none',
  connections: (v: {
    sets: string
    peaks: string
    drains: string
    hasEnd: boolean
    ends: string
    losses: string
  }) =>
    `${v.sets}Most connections at once: ${v.peaks}. Evictions: ${v.drains}. ${v.hasEnd ? 'When the fleet stopped' : 'At the end of the record'}: ${v.ends}.${v.losses}`,
  drain: (v: { node: string; clients: number; from: string; to: string }) =>
    `${v.node} lost ${v.clients} from ${v.from} to ${v.to}`,
  loss: (v: { from: string; clients: number; pod: string }) =>
    ` From ${v.from} on the ${v.clients} clients of ${v.pod} are unknown.`,
  noPrometheus: 'No Prometheus was read.',
  noPods: 'The Prometheus has no scrape of the pods.',
  unknown: 'unknown',
  values: (v: { node: string; first: string; last: string; most: number }) =>
    `${v.node} from ${v.first} to ${v.last}, at most ${v.most}`,
  prometheus: (v: { expression: string; step: number; values: string }) =>
    `${v.expression} in steps of ${v.step} s: ${v.values}.`,
  sets: (sides: readonly { isOld: boolean; sets: readonly string[] }[]) => {
    const words = sides.map(
      ({ isOld, sets }) => `${isOld ? 'old' : 'new'} nodes belong to ${sets.join(', ')}`,
    )
    return words.length > 0 ? `${capital(words.join('; '))}. ` : ''
  },
  rates: (v: { attempts: number; evictions: number; rate: number | undefined; isJudged: boolean }) =>
    `Most attempts within one second: ${v.attempts}; most evictions: ${v.evictions}.${v.rate === undefined ? '' : ` ${v.isJudged ? 'The run is judged by' : 'The configured rate is'} ${v.rate} a second.`}`,
  noRates: 'The run ended before its rates were known.',
  burst: (v: { attempts: number; mostAttempts: number; evictions: number; mostEvictions: number }) =>
    `Tightest burst of attempts: ${v.attempts} of ${v.mostAttempts} permitted; of one node's evictions: ${v.evictions} of ${v.mostEvictions}.`,
  noneOffline: 'No client lost its connection.',
  offline: (v: { peak: number; at: string }) =>
    `At most ${v.peak} clients were without a connection at once, at ${v.at}.`,
  open: (clients: number) => (clients > 0 ? ` ${clients} did not reconnect within the record.` : ''),
  noReconnect: 'No client reconnected after a lost connection.',
  percentile: (v: { percentile: number; time: string }) =>
    v.percentile === 100 ? `longest ${v.time}` : `${v.percentile} % within ${v.time}`,
  reconnects: (v: { count: number; times: string }) => `${v.count} reconnects: ${v.times}.`,
  serving: (spans: readonly { from: string; to: string }[]) =>
    spans.length === 0
      ? 'never in the Service'
      : `in the Service ${spans.map(({ from, to }) => `from ${from} to ${to}`).join(' and ')}`,
  membership: (pods: readonly { names: string; words: string }[]) =>
    pods.length > 0
      ? `${pods.map(({ names, words }) => `${names}: ${words}`).join('; ')}.`
      : 'The record has no pods.',
  scrapes: (v: { failed: number; all: number }) => `${v.failed} of ${v.all} scrapes failed`,
  noHealth: (scrapes: string) => `The record has no health samples of the harness; ${scrapes}.`,
  health: (v: { delayMs: number; lagMs: number; dropped: number; scrapes: string; mib: number }) =>
    `Worst event-loop delay (p99) ${v.delayMs} ms, worst schedule lag (p99) ${v.lagMs} ms, ${v.dropped} events dropped, ${v.scrapes}, at most ${v.mib} MiB resident.`,
}
