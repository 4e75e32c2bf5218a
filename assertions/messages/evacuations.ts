import { type Moment, SECOND, seconds } from '../evidence/wording.ts'
import { between, count, instant, when } from './english.ts'

/** Messages of the assertions on the order and the states of evacuations. */
export const evacuations = {
  'evacuation-serial': {
    bound:
      'one node at a time, replicants before cores, of a set the highest first, the next only after prohibiting with 0 connections and 0 sessions',
    boundByPods:
      'one node at a time, of a set the highest ordinal first, the next only after prohibiting with 0 connections and 0 sessions',
    boundAtOnce: ({ nodes }: { nodes: number }) => `at most ${count(nodes, 'node')} at a time`,
    heldAtOnce: ({ nodes }: { nodes: string[] }) =>
      `${nodes.join(', ')}: never more of them at a time than may be.`,
    noEvacuation: 'the record shows no evacuation',
    together: ({ nodes, at }: { nodes: string[]; at: Moment }) =>
      `${nodes.join(' and ')} were being evacuated at the same time ${when(at)}.`,
    measuredTogether: ({ nodes }: { nodes: number }) => `${nodes} nodes at once`,
    nodeInState: ({ node, state }: { node: string; state: string }) => `${node} (${state})`,
    statusSeen: ({ via }: { via: string }) => `evacuation status from ${via}`,
    interleaved: ({ nodes, ns, at }: { nodes: [string, string]; ns: number; at: Moment }) =>
      `${nodes.join(' and ')} evicted clients at the same time for ${seconds(ns)} from ${instant(at)}.`,
    measuredInterleaved: ({ ns }: { ns: number }) => `two nodes for ${seconds(ns)}`,
    interleavedSeen: 'evictions of both nodes',
    neverSampled: 'the evacuation status was never sampled during an evacuation',
    neverSampledSettle: 'Sample the evacuation status every second or two.',
    sampledSlowly: ({ seconds }: { seconds: number }) =>
      `the evacuation status was sampled only every ${seconds} s`,
    sampledSlowlySettle: ({ seconds }: { seconds: number }) =>
      `Sample the evacuation status every ${seconds} s.`,
    pause: ({ ns, at }: { ns: number; at: Moment }) =>
      `the evacuation status was not sampled for ${seconds(ns)} from ${instant(at)}`,
    measured: ({ nodes }: { nodes: string[] }) => nodes.join(', then '),
    held: ({ nodes }: { nodes: string[] }) =>
      nodes.length === 1
        ? `Only ${nodes[0]} was evacuated.`
        : `${nodes.join(', then ')}: each was empty before the next began.`,
    measuredOrder: ({ before, after }: { before: string; after: string }) => `${before} before ${after}`,
    wrongOrder: (v: { before: string; after: string; beforeAt: Moment; afterAt: Moment; why: string }) =>
      `${v.before} was evacuated before ${v.after}: ${when(v.beforeAt)} and ${instant(v.afterAt)}; ${v.why}.`,
    coreFirst: 'old replicants must leave before the cores that they depend on',
    replicaSetOrder: 'in a ReplicaSet, the pod with the greatest name goes first',
    statefulSetOrder: 'a StatefulSet removes its highest ordinal first, so the wrong pod is deleted',
    firstSamplesSeen: 'first sample of each evacuation',
    coreDeletedFirst: (v: { core: string; at: Moment; replicant: string; replicantAt: Moment }) =>
      `Pod ${v.core} was deleted ${when(v.at)}, before the old replicant ${v.replicant} was evacuated ${when(v.replicantAt)}; the replicant still depended on it.`,
    oldNodesSeen: 'pods and evacuations of the old nodes',
    podDeleted: 'its pod was deleted',
    nextStarted: ({ next }: { next: string }) => `the evacuation of ${next} began`,
    left: (v: { node: string; event: string; at: Moment; clients: number }) =>
      `${v.node} never reached prohibiting without connections: ${v.event} ${when(v.at)} with ${count(v.clients, 'client')} on it.`,
    measuredLeft: ({ connections }: { connections: number }) => `${count(connections, 'connection')} left`,
    inState: (v: { state: string; connections: number; sessions: number }) =>
      `${v.state} with ${count(v.connections, 'connection')} and ${count(v.sessions, 'session')}`,
    unfinished: (v: { node: string; last: string; at: Moment; spare: number; needed: number }) =>
      `${v.node} was last seen in ${v.last} ${when(v.at)}; its evacuation was over ${v.spare.toFixed(1)} s later, but finishing takes ${v.needed.toFixed(1)} s.`,
    handoverSeen: ({ node, next }: { node: string; next: string }) =>
      `last sample of ${node}, first of ${next}`,
    unsampledEnd: ({ ns, node }: { ns: number; node: string }) =>
      `the evacuation status was not sampled for ${seconds(ns)} while ${node} finished`,
    nothingShown: 'neither EMQX, nor the clients, nor the gauges show an evacuation',
    measuredRise: ({ metric, node, by }: { metric: string; node: string; by: number }) =>
      `${metric} of ${node} rose by ${by}`,
    rise: ({ node, from, to, at }: { node: string; from: number; to: number; at: Moment }) =>
      `${node} rose from ${from} to ${to} connections ${when(at)}: an old node admitted clients that another had evicted.`,
    measuredOverlap: ({ seconds }: { seconds: number }) =>
      `${seconds.toFixed(1)} s too little between two nodes`,
    overlap: (v: { before: string; next: string; value: number; at: Moment }) =>
      `${v.before} and ${v.next} were evacuated at the same time: ${v.next} fell to ${v.value} ${when(v.at)}, when ${v.before} had not been empty for waitTakeover.`,
    hole: ({ node, ns, at }: { node: string; ns: number; at: Moment }) =>
      `${node} was not scraped for ${seconds(ns)} from ${instant(at)}`,
    holeSettle: 'Rerun without gaps in the scrapes.',
    heldByScrapes: ({ nodes, metric }: { nodes: string[]; metric: string }) =>
      `${nodes.join(', then ')}; each was empty for waitTakeover before the next one fell (from ${metric} alone).`,
    oldGaugesSeen: 'old nodes',
  },
  'evacuation-states': {
    bound: ({
      states,
      waits,
    }: {
      states: readonly string[]
      waits: { state: string; least: number; most: number }[]
    }) =>
      `${states.join(', ')} in this order; ${waits.map(({ state, least, most }) => `${least} to ${most} s in ${state}`).join(', ')}`,
    noEvacuation: 'the samples of the evacuation status show no evacuation',
    noEvacuationSettle: 'Sample the evacuation status while a node is evacuated.',
    held: ({ evacuations, waits }: { evacuations: number; waits: { seconds: number; what: string }[] }) =>
      `${count(evacuations, 'evacuation')} went through ${evacuations === 1 ? 'its' : 'their'} states in order and waited ${waits.map(({ seconds, what }) => `${seconds} s ${what}`).join(' and ')}.`,
    waitTakeover: 'for clients to resume their sessions',
    waitHealthCheck: 'for load balancers to route around the node',
    measuredLost: ({ node, clients }: { node: string; clients: number }) =>
      `${node}: ${count(clients, 'client')} lost in waiting_health_check`,
    lostWaiting: ({ node, clients, ns, at }: { node: string; clients: number; ns: number; at: Moment }) =>
      `${node} lost ${count(clients, 'client')} in the ${(ns / SECOND).toFixed(1)} s from ${instant(at)} on, while it was only waiting for its health check.`,
    evictionsSeen: ({ node }: { node: string }) => `evictions by ${node}`,
    measuredBack: ({ before, now }: { before: string; now: string }) => `${before}, then ${now}`,
    back: ({ node, before, now, at }: { node: string; before: string; now: string; at: Moment }) =>
      `${node} went back from ${before} to ${now} ${when(at)}.`,
    oneSampleBack: ({ node, before, now }: { node: string; before: string; now: string }) =>
      `one sample of ${node} shows ${now} after ${before}, and the next does not`,
    oneSampleBackSettle: 'Rerun; the samples must agree.',
    measuredWait: ({ node, least, most }: { node: string; least: number; most: number }) =>
      `${node} ${between(least, most)}`,
    podDeleted: ({ node, at, state }: { node: string; at: Moment; state: string | undefined }) =>
      `pod ${node} was deleted ${when(at)}, while EMQX was in ${state}`,
    podDeletedSettle: 'Let the evacuation end before its pod is deleted.',
    tooShort: (v: {
      node: string
      most: number
      what: string
      setting: string
      seconds: number
      at: Moment
      isSkipped: boolean
    }) =>
      `${v.node} waited at most ${v.most.toFixed(1)} s ${v.what} (${v.setting} ${v.seconds} s) ${when(v.at)}${v.isSkipped ? '; its evacuation ended without this wait' : ''}.`,
    tooLong: (v: { node: string; state: string; least: number; seconds: number; at: Moment }) =>
      `${v.node} stayed in ${v.state} for at least ${v.least.toFixed(1)} s, not ${v.seconds} s, ${when(v.at)}.`,
    waitOpen: ({ node, least, most, state }: { node: string; least: number; most: number; state: string }) =>
      `the samples of ${node} only show a wait of ${between(least, most)} (${state})`,
    unseen: ({ node, state, most }: { node: string; state: string; most: number }) =>
      `no sample shows ${node} in ${state}: it may have waited up to ${most.toFixed(1)} s, or not at all`,
    notPast: ({ node, state }: { node: string; state: string }) =>
      `the record ends while ${node} is still in ${state}`,
    notPastSettle: 'Keep recording until the evacuation ends.',
    waited: ({ measured }: { measured: string }) => `${measured}.`,
  },
}
