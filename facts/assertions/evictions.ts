import { bound, type Definition } from './definition.ts'

/** How nodes are drained: rates, order and waits. */
export const EVICTIONS = {
  'eviction-envelope': {
    title: 'each node evicts no faster than the configured rate',
    source: 'docs/contract/emqx.md#eviction-rate, docs/contract/upgrade.md#windows',
    needs: ['clients'],
    chart: 'burst',
    failsByDrop: true,
    rank: 2,
    needsHealthyHarness: true,
    countsEvictions: true,
    reads: ['connEvictRate'],
    bounds: {
      ticks: bound(2, 'ticks', 'ticks of R evictions that may be recorded together'),
      slack: bound(2, 'evictions', 'evictions beyond that'),
      unknownShare: bound(0.01, 'share', 'evictions whose node may be unknown'),
    },
  },
  'eviction-slope': {
    title: "each old node's gauge falls at the configured rate",
    source: 'docs/contract/upgrade.md#graph, docs/contract/emqx.md#gauges',
    needs: ['gauges', 'evacuation-status', 'evacuation', 'evictions'],
    failsByDrop: true,
    rank: 26,
    reads: ['connEvictRate'],
    bounds: {
      widthSeconds: bound(
        4,
        's',
        'error of two readings: 2 s of staleness, one tick, and one tick recorded late',
      ),
      steepest: bound(1.05, 'R', 'the steepest slope over a drain'),
      flattest: bound(0.75, 'R', 'the flattest slope over a drain'),
      staleSeconds: bound(2, 's', 'age of a gauge; widens the slope by its share of the drain'),
      samples: bound(5, 'readings', 'the fewest readings of a drain that are judged'),
      drainSeconds: bound(30, 's', 'the shortest drain that is judged'),
    },
  },
  'eviction-floor': {
    title: 'each node evicts at no less than most of the configured rate',
    source: 'docs/contract/emqx.md#eviction-rate',
    needs: ['clients', 'evacuation', 'evictions', 'fleet-alone'],
    chart: 'rates',
    rank: 28,
    needsHealthyHarness: true,
    countsEvictions: true,
    reads: ['connEvictRate'],
    bounds: {
      share: bound(0.7, 'R', 'the least mean rate of a drain'),
      ticks: bound(3, 'ticks', 'the shortest drain that is judged'),
      unknownShare: bound(0.01, 'share', 'evictions whose node may be unknown'),
    },
  },
  'gauge-truth': {
    title: "each node's gauges match its number of clients",
    source: 'docs/contract/emqx.md#gauges',
    needs: ['clients', 'gauges', 'fleet-alone'],
    failsByDrop: true,
    rank: 35,
    needsHealthyHarness: true,
    needsWholeHistories: true,
    bounds: {
      staleSeconds: bound(3, 's', 'age of a gauge: refreshed every 2 s, 3 s now and then under load'),
      tolerance: bound(3, 'connections', 'connections that others may add: the probe, an operator'),
      toleranceShare: bound(0.01, 'share', 'the same, as a share of the value'),
      readings: bound(2, 'readings', 'wrong readings of one gauge that fail the assertion'),
      coverage: bound(0.95, 'share', 'readings that could be checked, at least'),
    },
  },
  'evacuation-serial': {
    title: 'nodes are evacuated one at a time, replicants before cores, the highest of a set first',
    source:
      'docs/contract/upgrade.md#graph, docs/contract/operator.md#v1beta4-blue-green, docs/contract/operator.md#v2beta1-drain',
    needs: ['evacuation-status', 'pods', 'evacuation'],
    chart: 'membership',
    failsByDrop: true,
    rank: 21,
    countsEvictions: true,
    bounds: {
      sampleSeconds: bound(2, 's', "the slowest sampling of EMQX's evacuation status that still proves it"),
      gapSeconds: bound(5, 's', 'the longest pause between two samples that still proves it'),
      flatShare: bound(
        0.02,
        'share',
        'how far the gauge of a node may change before its evacuation (scrapes only)',
      ),
      flatCount: bound(5, 'connections', 'the same for small nodes'),
    },
  },
  'evacuation-states': {
    title: 'each evacuation goes through its states in order, with the configured waits',
    source: 'docs/contract/emqx.md#evacuation-states',
    needs: ['evacuation-status', 'evacuation'],
    chart: 'membership',
    rank: 30,
    countsEvictions: true,
    reads: ['waits'],
    bounds: {
      lateSeconds: bound(2, 's', 'time that a wait may exceed its setting'),
      bracketSeconds: bound(3, 's', 'the widest range of a wait, from the samples around it, that is judged'),
      strays: bound(3, 'clients', 'clients that a node may lose during its health-check wait'),
    },
  },
  'initial-delay': {
    title:
      'the first eviction waits initialDelaySeconds after the new set serves or is available, and not much longer',
    source: 'docs/contract/operator.md#initial-delay',
    needs: ['evacuation-status', 'service', 'evacuation', 'evictions', 'first-eviction', 'new-set'],
    chart: 'membership',
    rank: 29,
    needsHealthyHarness: true,
    bounds: {
      earlySeconds: bound(
        2,
        's',
        'startedAt is in whole seconds (up to 1 s early), and the switch is recorded up to 1 s late',
      ),
      lateSeconds: bound(2, 's', 'on top of the delay and one polling interval of the operator'),
    },
  },
  'undisturbed-before': {
    title: 'no client is disconnected between the trigger and the first evacuation',
    source: 'docs/contract/upgrade.md#documentation',
    needs: ['clients'],
    rank: 18,
    needsNoChange: true,
    countsEvictions: true,
    bounds: {
      clients: bound(0, 'clients', 'connections lost before the first evacuation, at most'),
    },
  },
  'switch-before-evict': {
    title: 'the Service points at the new set before the first eviction',
    source: 'docs/contract/upgrade.md#documentation',
    needs: ['service', 'new-set'],
    chart: 'membership',
    rank: 22,
    bounds: {
      watchLagSeconds: bound(0.5, 's', 'delay of an endpoints event'),
      emptySeconds: bound(
        0.25,
        's',
        'a shorter period without endpoints is one change in two events, not an outage',
      ),
    },
  },
} as const satisfies Record<string, Definition>
