import { bound, type Definition } from './definition.ts'

/** What happens to clients while they move. */
export const CLIENTS = {
  landing: {
    title: 'from the first eviction on, new connections land on new nodes, evenly',
    source: 'design: landing; seed B30, B35',
    needs: ['clients'],
    rank: 16,
    bounds: {
      pValue: bound(1e-6, 'probability', 'below it the spread over new nodes is uneven (χ²)'),
      unknownShare: bound(0.01, 'share', 'new connections whose node may be unknown'),
    },
  },
  hops: {
    title: 'each client is evicted once',
    source: 'design: hops; seed B31, B41',
    needs: ['clients'],
    rank: 12,
    bounds: {
      onceShare: bound(0.98, 'share', 'evicted clients that were evicted exactly once, at least'),
      most: bound(2, 'evictions', 'evictions of one client, at most'),
      perClient: bound(1.02, 'evictions', 'evictions divided by all clients, at most'),
    },
  },
  'no-storm': {
    title: 'connection attempts stay in the envelope: no reconnect storm',
    source: 'design: no-storm; seed B01; ops C5',
    needs: ['clients'],
    chart: 'burst',
    rank: 3,
    needsHealthyHarness: true,
    bounds: {
      ticks: bound(3, 'ticks', 'ticks of R attempts that may come together'),
      slack: bound(2, 'attempts', 'attempts beyond that'),
    },
  },
  amplification: {
    title: 'an eviction costs one connection attempt',
    source: 'design: amplification; ops C5',
    needs: ['clients'],
    chart: 'rates',
    rank: 23,
    bounds: {
      perEviction: bound(1.05, 'attempts', 'attempts per eviction, at most'),
    },
  },
  'offline-peak': {
    title: 'few clients are without service at the same time',
    source: "design: offline-peak (Little's law); ops C6",
    needs: ['clients'],
    chart: 'offline',
    rank: 13,
    needsHealthyHarness: true,
    bounds: {
      tickSeconds: bound(2, 's', 'time beyond reconnect delay and connect'),
    },
  },
  downtime: {
    title: 'each client is back quickly',
    source: 'design: downtime; seed B03; ops C9',
    needs: ['clients'],
    chart: 'offline',
    rank: 9,
    needsHealthyHarness: true,
    bounds: {
      graceSeconds: bound(2, 's', 'time beyond the reconnect delays of the tries it took'),
      mostSeconds: bound(10, 's', 'the longest downtime of any client, however often refused'),
    },
  },
  refusals: {
    title: 'hardly any client is refused',
    source: 'design: refusals; ops C11',
    needs: ['clients'],
    chart: 'rates',
    rank: 10,
    bounds: {
      share: bound(0.01, 'share of N', 'refused CONNECTs, at most'),
    },
  },
  conservation: {
    title: 'nobody is lost: every client is connected at the end, each once',
    source: 'design: conservation; seed B39, B41; ops C1, C7, C8',
    needs: ['clients'],
    rank: 1,
    bounds: {
      widthSeconds: bound(3, 's', 'what gauges of one moment differ in age, beyond the scrape interval'),
      finalTolerance: bound(5, 'connections', 'what others may add to a sum of gauges'),
      ghostSeconds: bound(3, 's', 'how long a node may list a client that has moved'),
      patienceSeconds: bound(4, 's', 'a client offline for less, at the end, may yet come back'),
    },
  },
} as const satisfies Record<string, Definition>
