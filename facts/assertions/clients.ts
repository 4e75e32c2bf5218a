import { bound, type Definition } from './definition.ts'

/** What happens to clients while they move. */
export const CLIENTS = {
  landing: {
    title: 'new connections land on new nodes, evenly, from the first eviction on',
    source: 'docs/contract/upgrade.md#documentation, docs/contract/upgrade.md#graph',
    needs: ['clients', 'new-set'],
    rank: 23,
    bounds: {
      pValue: bound(1e-6, 'probability', 'below it the spread over new nodes is uneven (χ²)'),
      unknownShare: bound(0.01, 'share', 'new connections with an unknown node, at most'),
    },
  },
  hops: {
    title: 'each client is evicted once',
    source: 'docs/contract/upgrade.md#moves',
    needs: ['clients'],
    rank: 19,
    countsEvictions: true,
    bounds: {
      onceShare: bound(0.98, 'share', 'evicted clients that were evicted exactly once, at least'),
      most: bound(2, 'evictions', 'evictions of one client, at most'),
      perClient: bound(1.02, 'evictions', 'evictions divided by all clients, at most'),
      dropped: bound(2, 'clients', 'clients that nodes which stay may drop, or the share below'),
      droppedShare: bound(0.001, 'share', 'the same, as a share of all clients'),
    },
  },
  'no-storm': {
    title: 'connection attempts stay in the envelope: no reconnect storm',
    source: 'docs/contract/upgrade.md#windows',
    needs: ['clients'],
    chart: 'burst',
    failsByDrop: true,
    rank: 6,
    needsHealthyHarness: true,
    countsEvictions: true,
    reads: ['connEvictRate'],
    bounds: {
      ticks: bound(3, 'ticks', 'ticks of R attempts that may come together'),
      slack: bound(2, 'attempts', 'attempts beyond that'),
    },
  },
  amplification: {
    title: 'each eviction causes one connection attempt',
    source: 'docs/contract/upgrade.md#windows, docs/contract/upgrade.md#refusals',
    needs: ['clients'],
    chart: 'rates',
    rank: 32,
    countsEvictions: true,
    bounds: {
      perEviction: bound(1.05, 'attempts', 'attempts per eviction, at most'),
    },
  },
  'offline-peak': {
    title: 'few clients are offline at the same time',
    source: 'docs/contract/upgrade.md#offline',
    needs: ['clients'],
    chart: 'offline',
    failsByDrop: true,
    rank: 20,
    needsHealthyHarness: true,
    reads: ['connEvictRate', 'reconnect'],
    bounds: {
      tickSeconds: bound(2, 's', 'time beyond reconnect delay and connect'),
      connectSeconds: bound(0.5, 's', 'a connect, as far as the bound allows for it'),
    },
  },
  downtime: {
    title: 'each client reconnects quickly',
    source: 'docs/contract/upgrade.md#downtime',
    needs: ['clients'],
    chart: 'offline',
    rank: 16,
    needsHealthyHarness: true,
    reads: ['reconnect'],
    bounds: {
      graceSeconds: bound(2, 's', 'time beyond the reconnect delays of its attempts'),
      mostSeconds: bound(10, 's', 'the longest downtime of any client, regardless of refusals'),
    },
  },
  refusals: {
    title: 'almost no client is refused',
    source: 'docs/contract/upgrade.md#refusals',
    needs: ['clients'],
    chart: 'rates',
    rank: 17,
    bounds: {
      share: bound(0.01, 'share of N', 'refused CONNECTs, at most'),
    },
  },
  conservation: {
    title: 'no client is lost: at the end every client is connected, each once',
    source: 'docs/contract/upgrade.md#nobody-lost, docs/contract/upgrade.md#sum',
    needs: ['clients'],
    rank: 1,
    bounds: {
      widthSeconds: bound(
        3,
        's',
        'difference in age between the gauges of one moment, beyond the scrape interval',
      ),
      finalTolerance: bound(5, 'connections', 'connections that other clients may add to a sum of gauges'),
      ghostSeconds: bound(3, 's', 'time that a node may list a client that has moved'),
      patienceSeconds: bound(4, 's', 'a client that is offline for less at the end may still reconnect'),
    },
  },
} as const satisfies Record<string, Definition>
