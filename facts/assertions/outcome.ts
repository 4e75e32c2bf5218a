import { bound, type Definition } from './definition.ts'

/** The result of the upgrade, and the health of the cluster, the broker and the harness. */
export const OUTCOME = {
  'drained-before-delete': {
    title: 'a pod is deleted only when no client or session is left on its node',
    source: 'docs/contract/upgrade.md#documentation, docs/contract/operator.md#v1beta4-undrained-delete',
    needs: ['pods'],
    needsNoChange: true,
    chart: 'membership',
    failsByDrop: true,
    rank: 7,
    bounds: {
      gaugeNoise: bound(5, 'connections', 'a last gauge up to this counts as empty (scrapes only)'),
    },
  },
  'all-new': {
    title: 'at the end everything is new, the resource reports it, and it stays so',
    source: 'docs/contract/upgrade.md#completion',
    needs: ['pods', 'resource'],
    chart: 'membership',
    rank: 24,
    bounds: {
      shortSeconds: bound(1, 's', 'time that the hold may be shorter than configured'),
      staleSeconds: bound(5, 's', 'how old the last list of members may be at the end'),
    },
  },
  'status-truth': {
    title: 'the resource reports done only when it is done, and its counts match those of the nodes',
    source:
      'docs/contract/upgrade.md#completion, docs/contract/operator.md#v1beta4-status, docs/contract/operator.md#v2beta1-conditions',
    needs: ['resource', 'new-set'],
    chart: 'membership',
    rank: 33,
    needsHealthyHarness: true,
    bounds: {
      lateSeconds: bound(5, 's', "delay of the status, beyond the operator's polling interval"),
    },
  },
  'status-shape': {
    title: 'each reported evacuation matches the request: node, rates, recipients, counts',
    source: 'docs/contract/upgrade.md#documentation, docs/contract/operator.md#emqx-api-requests',
    needs: ['resource', 'evacuation', 'new-set'],
    chart: 'membership',
    rank: 34,
    bounds: {
      initialShare: bound(0.01, 'share', 'difference between initial_connected and the connected clients'),
      initialCount: bound(3, 'connections', 'the same for small nodes; a probe or a dashboard may be on it'),
    },
  },
  'addresses-kept': {
    title: 'every Service keeps its addresses: cluster IP, node ports, load balancer',
    source: 'docs/contract/operations.md#addresses, docs/contract/operator.md#service-addresses',
    needs: ['service-objects'],
    chart: 'membership',
    rank: 43,
    bounds: {
      loadBalancers: bound(
        0,
        'Services',
        'load balancers that may get other addresses, because the operation announces it',
      ),
      types: bound(0, 'Services', 'Services that the operation may give another type, and its addresses'),
      removed: bound(0, 'Services', 'Services that the operation may remove, before the resource is deleted'),
    },
  },
  'session-kept': {
    title: 'each persistent client resumes its session after each move',
    source: 'docs/contract/upgrade.md#sessions-kept, docs/contract/emqx.md#takeover',
    needs: ['clients', 'sessions'],
    rank: 11,
    bounds: {
      lost: bound(0, 'sessions', 'moves without session present, at most'),
    },
  },
  messages: {
    title: 'no acknowledged message is lost, no QoS 2 message arrives twice, order is kept',
    source: 'docs/contract/emqx.md#messages, docs/contract/upgrade.md#sessions-kept',
    needs: ['clients', 'traffic'],
    rank: 12,
    needsWholeHistories: true,
    bounds: {
      lost: bound(0, 'messages', 'acknowledged messages of QoS 1 and 2 lost, at most'),
      twice: bound(0, 'messages', 'copies of QoS 2 messages beyond the first, at most'),
      disordered: bound(0, 'messages', 'messages that arrived out of order, at most'),
      takeoverSeconds: bound(
        5,
        's',
        'time after a move in which messages may be reordered, or duplicated where the dialect allows it',
      ),
    },
  },
  wills: {
    title: 'wills are published when a connection ends, and only then',
    source: 'docs/contract/emqx.md#wills',
    needs: ['clients', 'traffic', 'evacuation'],
    rank: 14,
    needsHealthyHarness: true,
    needsWholeHistories: true,
    bounds: {
      limitSeconds: bound(5, 's', 'delay of a will to a connected client'),
      slackSeconds: bound(2, 's', 'difference between the times at which server and client see a disconnect'),
    },
  },
  suback: {
    title: 'a client that subscribes after connecting receives SUBACK quickly',
    source: 'MQTT 5 §3.8.4',
    needs: ['clients', 'subscriptions'],
    chart: 'offline',
    rank: 37,
    needsHealthyHarness: true,
    bounds: { mostSeconds: bound(2, 's', 'the longest wait for SUBACK, from the CONNACK') },
  },
  available: {
    title: 'the Service answers an independent client every second',
    source: 'docs/contract/upgrade.md#probe',
    needs: ['probe'],
    chart: 'offline',
    rank: 8,
    needsHealthyHarness: true,
    bounds: {
      gapSeconds: bound(2, 's', 'the longest time without an answer'),
      silenceSeconds: bound(4, 's', 'the longest pause of the probe that is judged'),
    },
  },
  duration: {
    title: 'the upgrade takes no longer than its parameters explain',
    source: 'docs/contract/upgrade.md#duration',
    needs: ['resource'],
    chart: 'membership',
    rank: 31,
    holdsMoreEasilyWithFewer: true,
    needsHealthyHarness: true,
    bounds: {
      newSetSeconds: bound(
        300,
        's',
        'the time allowed to pull images and start: for cores, and for replicants',
      ),
      terminationSeconds: bound(30, 's', "the time allowed for one pod to end: Kubernetes' own grace period"),
      waitSeconds: bound(2, 's', "time that each of EMQX's waits may exceed its setting"),
      rateShare: bound(
        0.4,
        'R, S',
        'the least rates that are taken into account; eviction-floor judges the rate',
      ),
      statusSeconds: bound(5, 's', "delay of the final status, beyond the operator's polling interval"),
    },
  },
  'harness-healthy': {
    title: 'the harness kept up',
    source: 'Node.js, perf_hooks.monitorEventLoopDelay',
    needs: ['health'],
    chart: 'health',
    rank: 36,
    bounds: {
      lateShare: bound(
        0.01,
        'share',
        'time in which timers are over 50 ms late, at most: a 99th percentile below 50 ms',
      ),
      loopDelayMs: bound(
        50,
        'ms',
        'event-loop delay, 99th percentile of a sample, for records without that share',
      ),
      scheduleLagMs: bound(100, 'ms', 'lateness of client actions, 99th percentile of a sample'),
      stallMs: bound(1000, 'ms', 'the longest single stall'),
      badShare: bound(0.05, 'share', 'samples that may exceed a percentile'),
      coverage: bound(0.95, 'share', 'scrapes that succeeded, at least'),
      clockStepMs: bound(100, 'ms', 'step of the wall clock between two samples'),
      clockErrorMs: bound(50, 'ms', "how far the clock of a fleet's pod may have been off (--fleet job)"),
    },
  },
} as const satisfies Record<string, Definition>
