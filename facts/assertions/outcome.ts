import { bound, type Definition } from './definition.ts'

/** What stands at the end, and what the cluster, the broker and the harness say of it. */
export const OUTCOME = {
  'drained-before-delete': {
    title: 'a pod is deleted only when nobody is left on its node',
    source: 'design: drained-before-delete; seed B40; operator-measured 1',
    needs: ['pods'],
    chart: 'membership',
    rank: 4,
    bounds: {
      gaugeNoise: bound(5, 'connections', 'a last gauge up to this counts as empty (scrapes only)'),
    },
  },
  'all-new': {
    title: 'at the end everything is new, the resource says so, and it stays so',
    source: 'design: all-new; seed B39, B40; operator R2',
    needs: ['pods', 'resource'],
    chart: 'membership',
    rank: 17,
    bounds: {
      shortSeconds: bound(1, 's', 'how much shorter than asked for the hold may be'),
    },
  },
  'status-truth': {
    title: 'the resource says done when it is done, and its numbers are the numbers of the nodes',
    source: 'design: status-truth; seed B39; operator A.4',
    needs: ['resource'],
    chart: 'membership',
    rank: 24,
    needsHealthyHarness: true,
    bounds: {
      lateSeconds: bound(5, 's', "how late it may be, on top of the operator's polling interval"),
    },
  },
  'status-shape': {
    title: 'each evacuation is described as it was asked for: node, rates, recipients, counts',
    source: 'design: status-shape; seed B04, B33',
    needs: ['resource', 'evacuation'],
    chart: 'membership',
    rank: 25,
    bounds: {
      initialShare: bound(0.01, 'share', 'how far initial_connected may be from what the clients held'),
      initialCount: bound(3, 'connections', 'the same for small nodes; a probe or a dashboard may be on it'),
    },
  },
  'session-kept': {
    title: 'every persistent client finds its session after each move',
    source: 'design: session-kept; seed B04; ops C10',
    needs: ['clients', 'sessions'],
    rank: 6,
    bounds: {
      lost: bound(0, 'sessions', 'moves without session present, at most'),
    },
  },
  messages: {
    title: 'no acknowledged message is lost, none of QoS 2 comes twice, order is kept',
    source: 'design: messages; contract: emqx §5',
    needs: ['clients', 'traffic'],
    rank: 7,
    needsWholeHistories: true,
    bounds: {
      lost: bound(0, 'messages', 'acknowledged messages of QoS 1 and 2 lost, at most'),
      twice: bound(0, 'messages', 'copies of QoS 2 messages beyond the first, at most'),
      disordered: bound(0, 'messages', 'messages that another overtook, at most'),
      takeoverSeconds: bound(
        5,
        's',
        'how long after a move its takeover may reorder messages, and double them where the dialect says that it may',
      ),
    },
  },
  wills: {
    title: 'wills are published when a connection ends, and only then',
    source: 'design: wills; contract: emqx §0.10, §5',
    needs: ['clients', 'traffic', 'evacuation'],
    rank: 8,
    needsWholeHistories: true,
    bounds: {
      limitSeconds: bound(5, 's', 'how late a will may reach a client that is connected'),
      slackSeconds: bound(
        2,
        's',
        "how far the server's and the client's sight of a connection's end may lie apart",
      ),
    },
  },
  suback: {
    title: 'whoever subscribes after a connect has its SUBACK soon',
    source: 'MQTT 5 §3.8.4',
    needs: ['clients', 'subscriptions'],
    chart: 'offline',
    rank: 28,
    needsHealthyHarness: true,
    bounds: { mostSeconds: bound(2, 's', 'the longest wait for SUBACK, from the CONNACK on') },
  },
  available: {
    title: 'the service answers an independent client every second through its address',
    source: 'design: available; contract C12; decision 1',
    needs: ['probe'],
    chart: 'offline',
    rank: 5,
    needsHealthyHarness: true,
    bounds: {
      gapSeconds: bound(2, 's', 'the longest time without an answer'),
      silenceSeconds: bound(4, 's', 'a longer pause of the probe itself leaves the question open'),
    },
  },
  duration: {
    title: 'the move takes no longer than its numbers explain',
    source: 'design: duration; contract/ops.md 3.3',
    needs: ['resource'],
    chart: 'membership',
    rank: 22,
    bounds: {
      factor: bound(1.5, '', 'how much longer than the formula'),
      extraSeconds: bound(60, 's', 'added to it'),
      newSetSeconds: bound(180, 's', 'the time allowed for the new set to start'),
      terminationSeconds: bound(60, 's', 'the time allowed for one pod to end'),
    },
  },
  'harness-healthy': {
    title: 'the harness itself kept up',
    source: 'design: harness-healthy',
    needs: ['health'],
    chart: 'health',
    rank: 27,
    bounds: {
      lateShare: bound(
        0.01,
        'share',
        'of the time, in which something due waits over 50 ms: a 99th percentile below 50 ms',
      ),
      loopDelayMs: bound(
        50,
        'ms',
        'event-loop delay, 99th percentile of a sample, for records that do not say that share',
      ),
      scheduleLagMs: bound(100, 'ms', 'lateness of client actions, 99th percentile of a sample'),
      stallMs: bound(1000, 'ms', 'the longest single stall'),
      badShare: bound(0.05, 'share', 'samples that may exceed a percentile'),
      coverage: bound(0.95, 'share', 'scrapes that succeeded, at least'),
      clockStepMs: bound(100, 'ms', 'step of the wall clock between two samples'),
    },
  },
} as const satisfies Record<string, Definition>
