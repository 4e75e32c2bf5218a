import { type Moment, seconds } from '../evidence/wording.ts'
import { between, count, type Exit, exit, instant, percent, when } from './english.ts'
import { evacuations } from './evacuations.ts'

/** Messages of the assertions in facts/assertions/evictions.ts. */
export const evictions = {
  'eviction-envelope': {
    bound: ({ rate, burst }: { rate: number; burst: number }) =>
      `at most ${rate}/s and a burst of ${burst} per node`,
    over: (v: {
      /** Undefined for all old nodes together. */
      node?: string
      clients: number
      tookNs: number
      at: Moment
      rate: number
      allowed: number
    }) =>
      `${v.node ?? 'The old nodes together'} evicted ${count(v.clients, 'client')} within ${seconds(v.tookNs)}, ${when(v.at)}; ${v.rate}/s allows ${v.allowed}.`,
    measured: ({ burst }: { burst: number }) => `burst ${burst}`,
    measuredWorst: ({ burst, node }: { burst: number; node: string }) => `worst burst ${burst} (${node})`,
    held: (v: { evictions: number; nodes: number; burst: number; rate: number }) =>
      `${count(v.evictions, 'eviction')} from ${count(v.nodes, 'node')}, never more than ${v.burst} ahead of ${v.rate}/s on one node.`,
    unknownNodes: ({ share, evictions }: { share: number; evictions: number }) => ({
      measured: `the node of ${percent(share)} of evictions is unknown`,
      why: `the node of ${percent(share)} of ${count(evictions, 'eviction')} is unknown`,
    }),
    burstSeen: 'the tightest burst of evictions',
  },
  'eviction-slope': {
    bound: ({ least, most, drainSeconds }: { least: number; most: number; drainSeconds: number }) =>
      `${least.toFixed(1)} to ${most.toFixed(1)}/s over a drain of at least ${drainSeconds} s`,
    boundSteepest: ({ rate, width }: { rate: number; width: number }) =>
      `at most ${rate}/s, with ${width} s of slack`,
    noDrain: { measured: 'no drain', why: 'no gauge of an old node falls in the record' },
    noDrainSettle: 'Scrape the old nodes while they are drained.',
    measuredAll: ({ slopes }: { slopes: string[] }) => `${slopes.join(', ')} per second`,
    held: ({ drains, slopes, metric }: { drains: number; slopes: string[]; metric: string }) =>
      `${count(drains, 'drain')}, falling by ${slopes.join(', ')} a second (${metric}).`,
    heldOne: ({ node }: { node: string }) => `${node} fell evenly.`,
    measuredDrop: ({ drop, ns }: { drop: number; ns: number }) => `${drop} in ${seconds(ns)}`,
    steep: (v: {
      node: string
      drop: number
      ns: number
      at: Moment
      rate: number
      allowed: number
      metric: string
    }) =>
      `The gauge of ${v.node} fell by ${v.drop} within ${seconds(v.ns)}, from ${instant(v.at)} on; ${v.rate}/s allows ${v.allowed} (${v.metric}).`,
    measuredSlope: ({ slope }: { slope: number | null }) => `${slope}/s`,
    wrongSlope: (v: {
      node: string
      slope: number | null
      spanSeconds: number
      at: Moment
      isSteep: boolean
      rate: number
      metric: string
    }) =>
      `The gauge of ${v.node} fell by ${v.slope} a second over ${v.spanSeconds.toFixed(0)} s, from ${instant(v.at)} on: ${v.isSteep ? 'faster' : 'slower'} than the configured ${v.rate}/s (${v.metric}).`,
    measuredReadings: ({ readings, spanSeconds }: { readings: number; spanSeconds: number }) =>
      `${count(readings, 'reading')} in ${spanSeconds.toFixed(0)} s`,
    notJudged: ({ node, why }: { node: string; why: string }) =>
      `the slope of ${node} cannot be judged: ${why}`,
    fewReadings: ({ readings }: { readings: number }) => `its drain has only ${count(readings, 'reading')}`,
    shortDrain: ({ spanSeconds }: { spanSeconds: number }) =>
      `its drain took only ${spanSeconds.toFixed(0)} s`,
    hole: ({ ns }: { ns: number }) => `no scrape for ${seconds(ns)} of its drain`,
    noReading: 'no scrape of it succeeded',
    notJudgedSettle: 'Make the drain longer (more clients or a lower rate), or scrape without gaps.',
  },
  'eviction-floor': {
    bound: ({ least }: { least: number }) => `at least ${least.toFixed(1)}/s on average`,
    unknownNodes: ({ share }: { share: number }) => ({
      measured: `the node of ${percent(share)} of evictions is unknown`,
      why: 'the node of too many evictions is unknown',
    }),
    tooShort: ({ ticks, rate }: { ticks: number; rate: number }) => ({
      measured: `no drain of ${ticks} ticks`,
      why: `no node evicted more than ${ticks} ticks of ${rate} clients`,
    }),
    tooShortSettle: 'Use more clients per node, or a lower rate.',
    measured: ({ perSecond, node }: { perSecond: number; node: string }) =>
      `slowest ${perSecond.toFixed(1)}/s (${node})`,
    held: ({ drains, perSecond }: { drains: number; perSecond: number }) =>
      `${count(drains, 'drain')} averaged at least ${perSecond.toFixed(1)}/s.`,
    slow: (v: {
      node: string
      tookNs: number
      at: Moment
      evictions: number
      perSecond: number
      rate: number
    }) =>
      `${v.node} took ${seconds(v.tookNs)} from ${instant(v.at)} for ${count(v.evictions, 'eviction')}: ${v.perSecond.toFixed(1)}/s, with ${v.rate}/s configured.`,
    drainSeen: ({ node }: { node: string }) => `drain of ${node}`,
  },
  'gauge-truth': {
    bound: (v: { staleSeconds: number; tolerance: number; toleranceShare: number }) =>
      `the clients' connections within ${v.staleSeconds} s, ± ${v.tolerance} or ${v.toleranceShare * 100} %`,
    noClients: 'the record has no client connections to compare the gauges with',
    measuredWrong: ({ value, least, most }: { value: number; least: number; most: number }) =>
      `${value} where ${least} to ${most} were connected`,
    wrong: (v: {
      metric: string
      node: string
      value: number
      at: Moment
      least: number
      most: number
      wrong: number
      readings: number
      others: number
    }) =>
      `${v.metric} of ${v.node} was ${v.value} ${when(v.at)}, while ${v.least} to ${v.most} clients were connected; ${count(v.wrong, 'reading')} of ${v.readings} were wrong${v.others > 0 ? `, and so was ${count(v.others, 'other gauge')}` : ''}.`,
    fewChecked: ({ coverage, readings, all }: { coverage: number; readings: number; all: number }) => ({
      measured: `${percent(coverage)} of readings could be checked`,
      why: `only ${readings} of ${all} readings could be compared with the clients`,
    }),
    fewCheckedSettle: "Fix the failing scrapes, and list each node's clients.",
    measured: ({ readings, wrong }: { readings: number; wrong: number }) =>
      `${readings} readings, ${wrong} off`,
    held: ({ readings, metrics }: { readings: number; metrics: string[] }) =>
      `${count(readings, 'reading')} of ${metrics.join(', ')} agree with the clients' connections.`,
    connectionsSeen: 'connections at the same time',
  },
  ...evacuations,
  'initial-delay': {
    bound: (v: { fromSeconds: number; mostSeconds: number; leastSeconds: number; start: string }) =>
      `first eviction ${v.fromSeconds} to ${v.mostSeconds} s after ${v.start} (whole seconds: from ${v.leastSeconds} s)`,
    setServes: 'the new set began to serve',
    resourceAvailable: 'the resource became available',
    noStart: 'the record does not show when the new set began to serve',
    noAvailable: 'the resource never reported when it became available',
    blindEndpoints: 'the watch of the endpoints was lost about then',
    blindResource: 'the watch of the resource was lost about then',
    noEviction: 'no client was evicted',
    measured: ({ min, max }: { min: number; max: number }) => {
      if (max < 0) return `${max - min < 0.1 ? `${(-max).toFixed(1)} s` : between(-max, -min)} before`
      if (min < 0) return `${(-min).toFixed(1)} s before to ${max.toFixed(1)} s after`
      return max - min < 0.1 ? `${max.toFixed(1)} s` : between(min, max)
    },
    firstEvictionSeen: 'first eviction',
    early: (v: { at: Moment; seconds: number; start: string; delay: number; wait: number }) =>
      `The first client was evicted ${when(v.at)}, ${v.seconds < 0 ? `${(-v.seconds).toFixed(1)} s before` : `${v.seconds.toFixed(1)} s after`} ${v.start}: initialDelaySeconds ${v.delay}${healthCheckWait(v.wait)} was not kept.`,
    late: (v: { seconds: number; start: string; delay: number; wait: number; poll: number; most: number }) =>
      `The first client was evicted only ${v.seconds.toFixed(1)} s after ${v.start}; initialDelaySeconds ${v.delay}${healthCheckWait(v.wait)} and one poll of ${v.poll} s explain ${v.most} s.`,
    unsampled: ({ at, measured }: { at: Moment; measured: string }) =>
      `the evacuation status was not sampled when the first connection was lost ${when(at)} (${measured}), so this may be no eviction`,
    stretched: ({ measured, stretch, least }: { measured: string; stretch: number; least: number }) =>
      `the first eviction came after ${measured}, of which a stall of ${stretch.toFixed(1)} s may be part, so at least ${least} s are not proved`,
    tooShort: ({ measured, delay, early }: { measured: string; delay: number; early: number }) =>
      `the first eviction came after ${measured}, and an initialDelaySeconds of ${delay} may be up to ${early} s shorter, since operators count whole seconds`,
    tooShortSettle: ({ early }: { early: number }) => `Set initialDelaySeconds to more than ${early}.`,
    imprecise: ({ ns }: { ns: number }) => `the delay is known only to within ${seconds(ns)}`,
    impreciseSettle: 'Shorten the sampling interval, and synchronize the clocks.',
    held: ({ seconds, start, wait }: { seconds: number; start: string; wait: number }) =>
      `The first client was evicted ${seconds.toFixed(1)} s after ${start}${wait > 0 ? `, ${wait} s of which are EMQX's health-check wait` : ''}.`,
  },
  'undisturbed-before': {
    bound: ({ clients }: { clients: number }) => `${clients} connections lost before the first evacuation`,
    noClients: 'the record has no trigger, or no clients',
    noClientsSettle: 'Connect clients before the change is made.',
    neverPolled: ({ lost }: { lost: number }) =>
      `EMQX was never polled, so ${count(lost, 'connection')} may have ended before or after the first evacuation began`,
    neverPolledSettle: 'Sample the evacuation status.',
    unsampled: ({ at }: { at: Moment }) =>
      `the evacuation status was not sampled when the first connection was lost ${when(at)}`,
    measured: ({ lost }: { lost: number }) => count(lost, 'connection'),
    held: ({ until }: { until: string }) => `No client lost its connection between the trigger and ${until}.`,
    crashedUnchanged: (v: Exit & { node: string; at: Moment; clients: number }) =>
      `${count(v.clients, 'client')} lost the connection though nothing was changed: the container of ${v.node} ended ${exit(v)} ${when(v.at)}.`,
    crashSeen: ({ node }: { node: string }) => `status of pod ${node}`,
    untilEvacuation: 'the first evacuation',
    untilLastSample: 'the last sample of the evacuation status',
    lost: ({ clients, nodes, at }: { clients: number; nodes: string[]; at: Moment }) =>
      `${count(clients, 'client')} of ${nodes.join(', ')} lost the connection before any node was evacuated, the first ${when(at)}.`,
    spanSeen: 'from the trigger to the first evacuation',
    lostSeen: 'connections lost too early',
  },
  'switch-before-evict': {
    bound:
      'at the first eviction the Service points at exactly the new set, never at an old pod again, and is never empty',
    noEndpoints: 'the record has no endpoints of the Service',
    noEviction: 'no client was evicted',
    noNewSet: 'the record has no new set',
    neverReady: 'the Service never had a ready pod',
    neverReadySettle: 'Fix the selector of the Service, so that it points at the EMQX pods.',
    blindWhileEmpty: 'the watch of the endpoints was lost while they were empty',
    blindBefore: 'the watch of the endpoints was lost before the first eviction',
    blindLater: 'the watch of the endpoints was lost for some time',
    measuredEmpty: ({ ns }: { ns: number }) => `empty for ${seconds(ns)}`,
    empty: ({ service, ns, at }: { service: string; ns: number; at: Moment }) =>
      `The Service ${service} had no endpoints for ${seconds(ns)} ${when(at)}, so new connections were refused.`,
    emptySeen: 'no ready endpoint',
    closeCall: 'the switch was recorded just after the first eviction, so the order of the two is not known',
    unsampled: ({ at }: { at: Moment }) =>
      `the evacuation status was not sampled when the first connection was lost ${when(at)}, so this may be no eviction`,
    contradicted:
      'the endpoints watch and the clients contradict each other: every client that came back landed on a new node',
    measuredWrong: ({ old, missing }: { old: number; missing: number }) =>
      `${old} old pods in, ${missing} new pods out`,
    wrong: ({ at, old, missing }: { at: Moment; old: string[]; missing: string[] }) => {
      const what = [
        ...(old.length > 0 ? [`still pointed at ${count(old.length, 'old pod')} (${old.join(', ')})`] : []),
        ...(missing.length > 0 ? [`did not yet point at ${missing.join(', ')}`] : []),
      ]
      return `At the first eviction, ${when(at)}, the Service ${what.join(' and ') || 'pointed at other pods'}: evicted clients can land on a node that evicts them again.`
    },
    endpointsSeen: ({ pods }: { pods: readonly string[] | undefined }) =>
      `endpoints: ${pods?.join(', ') ?? 'none known'}`,
    measuredBack: ({ old }: { old: number }) => `${old} old pods back`,
    back: ({ pods, at }: { pods: string[]; at: Moment }) =>
      `${pods.join(', ')} came back into the Service ${when(at)}, after evictions had begun.`,
    measured: ({ ns }: { ns: number }) => `switched ${seconds(ns)} before the first eviction`,
    held: ({ pods, ns }: { pods: number; ns: number }) =>
      `The Service pointed at exactly the ${pods} new pods ${seconds(ns)} before the first eviction, and at no old pod afterwards.`,
  },
}

const healthCheckWait = (wait: number) => (wait > 0 ? ` and a health-check wait of ${wait} s` : '')
