import { type Blocker, blockerText, type OwnProcess } from '#weir/facts/index.ts'
import { type Moment, SECOND, seconds } from '../evidence/wording.ts'
import { count, disrupted, instant, percent, when } from './english.ts'
import { traffic } from './traffic.ts'

/** The parts of an upgrade that have a limit each. */
const PART = { all: 'the upgrade', newSet: 'the start of the new set', moving: 'the move to it' }
type Part = keyof typeof PART

/** Messages of the assertions in facts/assertions/outcome.ts. */
export const outcome = {
  'drained-before-delete': {
    bound: 'a pod is deleted only with 0 connections and 0 sessions',
    none: { measured: 'no pod was deleted', why: 'no pod was deleted within the record' },
    measured: ({ pods, withSessions }: { pods: number; withSessions: boolean }) =>
      `${count(pods, 'pod')}, each with 0 connections${withSessions ? ' and 0 sessions' : ''}`,
    held: ({ pods, withSessions }: { pods: number; withSessions: boolean }) =>
      `${count(pods, 'pod')} ${pods === 1 ? 'was' : 'were'} deleted, each after its last connection${withSessions ? ' and session' : ''} had gone.`,
    andOthers: ({ sentence, others, pods }: { sentence: string; others: number; pods: number }) =>
      others > 0 ? `${sentence} The same happened to ${count(others, 'other pod')} of ${pods}.` : sentence,
    measuredConnections: ({ node, connections }: { node: string; connections: number }) =>
      `${node}: ${count(connections, 'connection')}`,
    withClients: (v: {
      node: string
      at: Moment
      clients: number
      isUnchanged: boolean
      disruption?: string | undefined
    }) => {
      const why = v.disruption === undefined ? '' : `: it ${disrupted(v.disruption)}`
      return `Pod ${v.node} was deleted ${when(v.at)} with ${count(v.clients, 'client')} still on it${v.isUnchanged ? ', though nobody had changed the resource' : ''}${why}.`
    },
    podDeletingSeen: ({ node }: { node: string }) => `pod ${node} deleting`,
    emqx: 'EMQX',
    operator: 'the operator',
    lastCountSeen: ({ node, source }: { node: string; source: string }) =>
      `last count of ${node} (${source}) and its deletion`,
    measuredCount: ({ node, connections }: { node: string; connections: number }) =>
      `${node}: ${connections}`,
    empty: ({ node }: { node: string }) => `${node} was empty.`,
    emptyByClients: ({ node }: { node: string }) => `No client was connected to ${node}.`,
    left: ({ connections, sessions }: { connections: number; sessions: number | null }) =>
      sessions === null
        ? `${count(connections, 'connection')} and an unknown number of sessions`
        : `${count(connections, 'connection')} and ${count(sessions, 'session')}`,
    measuredLeft: ({ node, left }: { node: string; left: string }) => `${node}: ${left}`,
    tooSoon: (v: { node: string; at: Moment; spare: number; source: string; left: string; needed: number }) =>
      `Pod ${v.node} was deleted ${when(v.at)}, ${v.spare.toFixed(1)} s after ${v.source} still counted ${v.left}, which take ${v.needed.toFixed(1)} s to move.`,
    measuredBefore: ({ node, left, spare }: { node: string; left: string; spare: number }) =>
      `${node}: ${left} ${spare.toFixed(1)} s before`,
    mayHaveLeft: ({ node, left, spare }: { node: string; left: string; spare: number }) =>
      `the last count of ${node}, ${spare.toFixed(1)} s before it was deleted, was ${left}, which may have left in between`,
    blind: ({ node }: { node: string }) => `the watch of the pods was lost when ${node} was deleted`,
    neverPolled: ({ node }: { node: string }) => `EMQX was never polled for what was left on ${node}`,
    neverPolledSettle: 'Sample the evacuation status until the pod is deleted.',
    noEnd: 'no pod ends within the record',
    measuredSeries: ({ series }: { series: number }) =>
      `${count(series, 'series', 'series')} ended with 0 connections`,
    heldByScrapes: ({ nodes, metric }: { nodes: number; metric: string }) =>
      `${count(nodes, 'old node')} had no connection left when last scraped (${metric} does not show sessions without a client).`,
    lastGaugeSeen: ({ metric, node }: { metric: string; node: string }) => `last ${metric} of ${node}`,
    goneTooSoon: (v: { node: string; connections: number; at: Moment; needed: number; spare: number }) =>
      `${v.node} ended with ${count(v.connections, 'connection')} on it ${when(v.at)}: moving them and waiting for their sessions takes ${v.needed.toFixed(0)} s, and the pod was gone at the next scrape, ${v.spare} s later.`,
    mayHaveLeftScrape: ({ node, connections }: { node: string; connections: number }) =>
      `the last scrape of ${node} shows ${count(connections, 'connection')}, which may have left before the pod ended`,
  },
  'all-new': {
    bound: ({ version, holdSeconds }: { version: string | undefined; holdSeconds: number }) =>
      `only new pods${version ? ` on ${version}` : ''}, old sets at 0, settled, held for ${holdSeconds} s`,
    noChange: 'the record shows no change',
    blind: 'a watch was lost in the last part of the run',
    facts: ({ facts }: { facts: string[] }) => facts.join('; '),
    broken: ({ facts, isSettled }: { facts: string[]; isSettled: boolean }) =>
      `At the end of the run, ${facts.join('; ')}${isSettled ? ', while the resource reports that it is settled' : ''}.`,
    unfinished: ({ fact }: { fact: string }) => `the record ends before the upgrade (${fact})`,
    missingSettle: 'Sample the membership until the end of the run.',
    measured: ({ ns }: { ns: number }) => `held for ${seconds(ns)}`,
    held: ({ at, version, ns }: { at: Moment; version: string | undefined; ns: number }) =>
      `From ${instant(at)} on there were only new pods${version ? ` on ${version}` : ''}, for the remaining ${seconds(ns)}.`,
    seen: 'pods, sets, the resource, membership',
    measuredRelapse: ({ held }: { held: number }) => `held for ${held.toFixed(1)} s only`,
    relapse: ({ at, fact, held }: { at: Moment; fact: string; held: number }) =>
      `The end state did not hold: only from ${instant(at)} on ${fact}, for ${held.toFixed(1)} s.`,
    shortHold: ({ held }: { held: number }) =>
      `the end state held for only ${held.toFixed(1)} s of the record`,
    shortHoldSettle: ({ holdSeconds }: { holdSeconds: number }) => `Hold the end state for ${holdSeconds} s.`,
    podsDisagree: ({ pod }: { pod: string | undefined }) =>
      `the pods and the sets disagree on whether ${pod} still exists`,
    oldPods: ({ pods }: { pods: string[] }) =>
      `old ${pods.length === 1 ? 'pod' : 'pods'} ${pods.join(', ')} still ${pods.length === 1 ? 'exists' : 'exist'}`,
    noOldPods: 'no old pod is left',
    readinessDisagrees: 'the pods disagree with the Service or their set on which pods are ready',
    notReady: (v: { ready: number; wanted: number; blocked: Blocker | undefined }) =>
      `${v.ready} of ${v.wanted} new pods are ready${v.blocked ? ` (${blockerText(v.blocked)})` : ''}`,
    ready: 'all new pods are ready',
    wrongImage: ({ pod, image, version }: { pod: string; image: string | undefined; version: string }) =>
      `${pod} runs ${image}, not ${version}`,
    rightImage: ({ version }: { version: string }) => `the image of every new pod is ${version}`,
    setEmpty: ({ set }: { set: string }) => `old set ${set} is at 0 replicas`,
    setDisagrees: ({ set }: { set: string }) =>
      `the pods and the sets disagree on whether old set ${set} is empty`,
    setUnknown: ({ set }: { set: string }) => `the record has no event of old set ${set}`,
    setLeft: ({ set, replicas }: { set: string; replicas: number }) =>
      `old set ${set} still has ${count(replicas, 'replica')}`,
    noResource: 'the record has no event of the resource',
    doneUnreported: 'the upgrade was marked as done, but no status of the resource reports it',
    notSettled: 'the resource does not report that it is settled',
    settled: 'the resource reports that it is settled',
    nameUnknown: ({ pod }: { pod: string }) => `the EMQX node name of ${pod} is not known`,
    wrongVersion: (v: { node: string; version: string; wanted: string | undefined }) =>
      `${v.node} runs ${v.version}, not ${v.wanted}`,
    wrongMembers: ({ running, wanted }: { running: number; wanted: number }) =>
      `EMQX counts ${running} running nodes, not the ${wanted} new ones`,
    neverListed: 'EMQX was never polled for its members',
    listedLongAgo: ({ ns }: { ns: number }) => `EMQX last listed its members ${seconds(ns)} before the end`,
    members: 'EMQX runs on the new nodes alone',
  },
  'session-kept': {
    bound: 'session present = 1 after every move of a persistent client',
    measuredLost: ({ lost, moves }: { lost: number; moves: number }) => `${lost} of ${moves} lost`,
    lost: ({
      lost,
      moves,
      client,
      node,
      at,
    }: {
      lost: number
      moves: number
      client: string
      node: string
      at: Moment
    }) =>
      `${lost} of ${count(moves, 'move')} of persistent clients ended in an empty session, the first that of ${client} to ${node} ${when(at)}.`,
    lostSeen: 'CONNACKs without session present',
    none: {
      measured: 'no persistent client moved',
      why: 'no persistent client was evicted and came back',
    },
    unreported: ({ unreported, moves }: { unreported: number; moves: number }) => ({
      measured: `session present unknown for ${unreported} of ${moves}`,
      why: `session present is unknown for ${count(unreported, 'CONNACK')}`,
    }),
    noneSettle: 'Use a fleet with persistent clients (clean start off, session expiry above 0).',
    measured: ({ kept, moves }: { kept: number; moves: number }) => `${kept} of ${moves} kept`,
    held: ({ moves }: { moves: number }) =>
      `${count(moves, 'move')} of persistent clients, every one with its session.`,
    seen: 'CONNACKs after evictions',
  },
  ...traffic,
  available: {
    bound: ({ gapSeconds }: { gapSeconds: number }) =>
      `no more than ${gapSeconds} s without a round trip through the Service`,
    noProbe: 'the record has no probe of the Service',
    noProbeSettle: 'Set observe.probeIntervalSeconds.',
    noAnswer: 'no answer',
    slow: 'slow answer',
    probesSeen: 'probes',
    outage: ({ ns, at, tries, error }: { ns: number; at: Moment; tries: number; error: string }) =>
      `The Service was unavailable for ${seconds(ns)} ${when(at)}: ${count(tries, 'probe')} in a row failed or took too long (${error}).`,
    silence: ({ ns, at }: { ns: number; at: Moment }) =>
      `the probe sent nothing for ${seconds(ns)} from ${instant(at)}`,
    silenceSettle: 'Keep the probe running to the end.',
    measured: ({ ns }: { ns: number }) => `${seconds(ns)} at most`,
    measuredOutage: ({ ns }: { ns: number }) => seconds(ns),
    held: ({ tries, ns }: { tries: number; ns: number }) =>
      `${tries} round trips through the Service, with at most ${seconds(ns)} between two of them.`,
  },
  duration: {
    bound: ({ newSet, moving }: { newSet: number; moving: number }) =>
      `${newSet.toFixed(0)} s until the new set serves, and ${moving.toFixed(0)} s from then on`,
    noTrigger: 'the record does not show when the change was made',
    seen: 'from the change to its end',
    measured: ({ took }: { took: number }) => seconds(took * SECOND),
    late: (v: { of: Part; took: number; limit: number; total: number }) =>
      v.of === 'all'
        ? `The upgrade took ${v.took.toFixed(0)} s of the ${v.limit.toFixed(0)} s allowed.`
        : `The upgrade took ${v.total.toFixed(0)} s: ${PART[v.of]} took ${v.took.toFixed(0)} s of the ${v.limit.toFixed(0)} s allowed.`,
    notDone: (v: { of: Part; took: number; limit: number; stuck: string }) =>
      `${PART[v.of][0]?.toUpperCase()}${PART[v.of].slice(1)} was not done after ${v.took.toFixed(0)} s of the ${v.limit.toFixed(0)} s allowed: ${v.stuck}.`,
    held: (v: { took: number; estimate: number | null; moving: number | null; limit: number }) => {
      const estimate = v.estimate === null ? '' : ` (estimate: ${v.estimate} s)`
      return v.moving === null
        ? `The upgrade took ${v.took.toFixed(0)} s${estimate} of the ${v.limit.toFixed(0)} s allowed.`
        : `The upgrade took ${v.took.toFixed(0)} s${estimate}; from when the new set served, ${v.moving.toFixed(0)} s of the ${v.limit.toFixed(0)} s allowed.`
    },
    unfinished: ({ took, stuck, left }: { took: number; stuck: string; left: number }) =>
      `the record ends ${took.toFixed(0)} s after the change, with the upgrade not done (${stuck}) and ${left.toFixed(0)} s left`,
    unfinishedSettle: 'Keep recording until the upgrade is done or its time is up.',
    measuredNode: ({ node, took }: { node: string; took: number }) => `${node}: ${took.toFixed(0)} s`,
    stuckNode: (v: { node: string; took: number; limit: number; state: string }) =>
      `The evacuation of ${v.node} took at least ${v.took.toFixed(0)} s of the ${v.limit.toFixed(0)} s allowed. It was last seen in ${v.state}.`,
    inState: (v: { state: string; connections: number; sessions: number }) =>
      `${v.state} with ${count(v.connections, 'connection')} and ${count(v.sessions, 'session')}`,
    stuckAt: ({ node, state }: { node: string | undefined; state: string }) => `${node} in ${state}`,
    noEvacuation: 'no evacuation under way',
    neverSampled: 'the evacuation status was never sampled',
  },
  'harness-healthy': {
    bound: (v: {
      loopDelayMs: number
      lateShare: number
      stallMs: number
      scheduleLagMs: number
      coverage: number
    }) =>
      `loop delay p99 < ${v.loopDelayMs} ms (longer waits in at most ${v.lateShare * 100} % of the time), no stall of ${v.stallMs / 1000} s, schedule lag p99 < ${v.scheduleLagMs} ms, scrapes ≥ ${v.coverage * 100} %, no dropped events, no clock step`,
    none: { measured: 'not measured', why: 'the record has no samples of the health of the harness' },
    noneSettle: 'Run weir itself; imported recordings have no such samples.',
    measured: (v: { loop: string; loopDelayMaxMs: number; scheduleLagP99Ms: number }) =>
      `${v.loop}, max ${v.loopDelayMaxMs} ms; schedule lag p99 ${v.scheduleLagP99Ms} ms`,
    loopP99: ({ ms }: { ms: number | null }) => `loop delay p99 ${ms} ms`,
    loopLate: ({ share }: { share: number }) => `${percent(share)} of the time over 50 ms late`,
    seen: 'health samples',
    held: ({ samples }: { samples: number }) => `The harness kept up in ${count(samples, 'sample')}.`,
    overloaded: ({ reasons }: { reasons: string[] }) =>
      `the load-generator host did not keep up: ${reasons.join(', ')}`,
    overloadedSettle: 'Rerun on a less loaded machine, or with fewer clients.',
    lateLoopP99: ({ ms }: { ms: number | null }) => `its event loop was late by ${ms} ms (p99)`,
    lateLoop: ({ share, process }: { share: number; process: OwnProcess }) =>
      `the event loop of the ${process} was over 50 ms late for ${percent(share)} of the time`,
    stall: ({ ms, process }: { ms: number; process: OwnProcess }) => `the ${process} stalled for ${ms} ms`,
    busy: ({ share }: { share: number }) => `processes waited for a CPU for ${percent(share, 0)} of the time`,
    scheduleLag: ({ ms }: { ms: number | null }) => `client actions were late by ${ms} ms (p99)`,
    clockStep: ({ ms }: { ms: number | null }) => `the clock stepped by ${ms} ms`,
    podClock: ({ ms, pod }: { ms: number | null; pod: string }) =>
      ms === null
        ? `the clock of fleet pod ${pod} was never compared`
        : `the clock of fleet pod ${pod} may have been ${ms} ms off`,
    dropped: ({ events }: { events: number | null }) => `${events} client events were dropped`,
    scrapes: ({ coverage }: { coverage: number }) => `only ${percent(coverage)} of scrapes succeeded`,
  },
}
