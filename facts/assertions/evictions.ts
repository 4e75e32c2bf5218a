import { bound, type Definition } from './definition.ts'

/** How nodes are emptied: rates, order and waits. */
export const EVICTIONS = {
  'eviction-envelope': {
    title: 'each node evicts no faster than the configured rate',
    source: 'design: envelope; seed B11; emqx-measured: eviction shape',
    needs: ['clients'],
    chart: 'burst',
    rank: 2,
    needsHealthyHarness: true,
    bounds: {
      ticks: bound(2, 'ticks', 'ticks of R evictions that may be seen together'),
      slack: bound(2, 'evictions', 'evictions beyond that'),
      unknownShare: bound(0.01, 'share', 'evictions whose node may be unknown'),
    },
  },
  'eviction-slope': {
    title: "each old node's gauge falls at the configured rate",
    source: 'design: eviction-slope; seed B11, B38; emqx 1.3 (staleness)',
    needs: ['gauges', 'evacuation-status', 'evacuation', 'evictions'],
    rank: 18,
    bounds: {
      widthSeconds: bound(
        4,
        's',
        'what two readings may be off: 2 s of staleness, one tick, and one tick seen late',
      ),
      steepest: bound(1.05, 'R', 'the steepest slope over a drain'),
      flattest: bound(0.75, 'R', 'the flattest slope over a drain'),
      staleSeconds: bound(2, 's', 'age of a gauge: widens the slope by its share of the drain'),
      samples: bound(5, 'readings', 'the fewest readings of a drain that are judged'),
      drainSeconds: bound(30, 's', 'the shortest drain that is judged'),
    },
  },
  'eviction-floor': {
    title: 'each node evicts not much slower than the configured rate',
    source: 'design: eviction-floor; seed B11; emqx-measured (a CPU-bound real node reached 0.81 R)',
    needs: ['clients', 'evacuation', 'evictions', 'fleet-alone'],
    chart: 'rates',
    rank: 19,
    needsHealthyHarness: true,
    bounds: {
      share: bound(0.7, 'R', 'the least mean rate of a drain'),
      ticks: bound(3, 'ticks', 'the shortest drain that is judged'),
      unknownShare: bound(0.01, 'share', 'evictions whose node may be unknown'),
    },
  },
  'gauge-truth': {
    title: "each node's gauges tell how many clients it holds",
    source: 'design: gauge-truth; seed B36; emqx 1.3; emqx-measured: metrics',
    needs: ['clients', 'gauges', 'fleet-alone'],
    rank: 26,
    needsHealthyHarness: true,
    bounds: {
      staleSeconds: bound(3, 's', 'age of a gauge: refreshed every 2 s, 3 s now and then under load'),
      tolerance: bound(3, 'connections', 'what others may add: the probe, an operator'),
      toleranceShare: bound(0.01, 'share', 'the same, as a share of the value'),
      readings: bound(2, 'readings', 'wrong readings of one gauge that make a lie'),
      coverage: bound(0.95, 'share', 'readings that could be checked, at least'),
    },
  },
  'evacuation-serial': {
    title: 'nodes are evacuated one at a time, replicants before cores, the highest of a set first',
    source: 'design: evacuation-serial; seed B31, B32',
    needs: ['evacuation-status', 'pods', 'evacuation'],
    chart: 'membership',
    rank: 14,
    bounds: {
      sampleSeconds: bound(2, 's', "the slowest sampling of EMQX's evacuation status that still proves it"),
      gapSeconds: bound(5, 's', 'the longest pause between two samples that still proves it'),
      flatShare: bound(
        0.02,
        'share',
        'how far the gauge of a node that waits its turn may stray (scrapes only)',
      ),
      flatCount: bound(5, 'connections', 'the same for small nodes'),
    },
  },
  'evacuation-states': {
    title: 'each evacuation goes through its states in order and keeps its waits',
    source: 'design: evacuation-states; seed B13, B34; operator 1.3',
    needs: ['evacuation-status', 'evacuation'],
    chart: 'membership',
    rank: 21,
    bounds: {
      lateSeconds: bound(2, 's', 'how much longer than it should a wait may last'),
      bracketSeconds: bound(3, 's', 'a wait that samples leave open by more than this is not known'),
      strays: bound(3, 'clients', 'clients that a node may lose while it waits for its health check'),
    },
  },
  'initial-delay': {
    title:
      'the first eviction waits initialDelaySeconds after the new set serves or is available, and not much longer',
    source: 'design: initial-delay; seed B14; operator A.5 S2',
    needs: ['evacuation-status', 'service', 'evacuation', 'evictions', 'first-eviction'],
    chart: 'membership',
    rank: 20,
    needsHealthyHarness: true,
    bounds: {
      earlySeconds: bound(
        2,
        's',
        'startedAt is kept in whole seconds (up to 1 s early), and the switch is heard of up to 1 s late',
      ),
      lateSeconds: bound(2, 's', 'on top of the delay and one polling interval of the operator'),
    },
  },
  'undisturbed-before': {
    title: 'nobody is disconnected between the trigger and the first evacuation',
    source: 'design: undisturbed-before; seed B29',
    needs: ['clients'],
    rank: 11,
    bounds: {
      clients: bound(0, 'clients', 'connections that may be lost before'),
    },
  },
  'switch-before-evict': {
    title: 'the Service points at the new set before anybody is evicted',
    source: 'design: switch-before-evict; seed B30',
    needs: ['service'],
    chart: 'membership',
    rank: 15,
    bounds: {
      watchLagSeconds: bound(0.5, 's', 'how late a change of endpoints may be heard of'),
      emptySeconds: bound(
        0.25,
        's',
        'an emptiness shorter than this is one change told in two messages, not an outage',
      ),
    },
  },
} as const satisfies Record<string, Definition>
