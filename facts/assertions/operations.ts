import { BEYOND_LICENCE } from '../licence.ts'
import { bound, type Definition } from './definition.ts'

/** What operations on a running cluster promise, besides an update. Only a scenario of such an operation asks for them. */
export const OPERATIONS = {
  untouched: {
    title: 'the operation touches no client, no pod, no set and no Service that was there before',
    source: 'docs/contract/operations.md#promises',
    needs: ['pods'],
    holdsMoreEasilyWithFewer: true,
    chart: 'connections',
    rank: 3,
    ofOperations: true,
    countsEvictions: true,
    needsWholeHistories: true,
    bounds: {
      clients: bound(0, 'clients', 'clients that lose their connection or connect again, at most'),
      sets: bound(0, 'sets', 'new sets that may get pods beside those that were there, at most'),
      generations: bound(
        2,
        'generations',
        'changes of the resource: that of the operation itself, and the one that takes it back, at most',
      ),
    },
  },
  'capacity-follows': {
    title: 'the nodes that were added serve, and new clients come to them',
    source: 'docs/contract/operations.md#promises',
    needs: ['pods', 'service', 'newcomers'],
    chart: 'membership',
    rank: 10,
    ofOperations: true,
    needsHealthyHarness: true,
    bounds: {
      seconds: bound(60, 's', 'time that an operation may take, without its nodes'),
      secondsPerNode: bound(60, 's', 'time that each node may take to serve'),
      heldSigmas: bound(3, 'σ', 'newcomers on a node below their expected number: up to this holds'),
      failedSigmas: bound(5, 'σ', 'the same: beyond this fails, for chance explains it no more'),
    },
  },
  'membership-exact': {
    title: "in the end pods, the Service's endpoints and EMQX's members are the same nodes",
    source: 'docs/contract/operations.md#promises',
    needs: ['pods', 'service'],
    chart: 'membership',
    rank: 25,
    ofOperations: true,
    bounds: {
      staleSeconds: bound(5, 's', 'how old the last list of members may be at the end'),
      stoppedSeconds: bound(0, 's', 'time that EMQX may go on to list a node that has left, as stopped'),
    },
  },
  'state-truth': {
    title: 'the resource says that it runs as asked when that is true, not before, and soon after',
    source: 'docs/contract/operations.md#states',
    needs: ['pods', 'service', 'resource'],
    chart: 'membership',
    rank: 27,
    ofOperations: true,
    bounds: {
      earlySeconds: bound(2, 's', 'time that the resource may be ahead of pods and Service'),
      lateSeconds: bound(60, 's', 'time that it may be behind them'),
    },
  },
  stopped: {
    title: 'a stopped cluster has no pod, and one that is started again as many as before',
    source: 'docs/contract/operations.md#stop-and-start',
    needs: ['pods'],
    chart: 'membership',
    rank: 4,
    ofOperations: true,
    bounds: {
      seconds: bound(120, 's', 'time until the last pod is gone'),
      closeSeconds: bound(30, 's', 'time after that in which a connection may still be open'),
    },
  },
  'order-of-deletion': {
    title: 'a cluster is stopped before it is deleted, and nothing of it is left',
    source: 'docs/contract/operations.md#deletion',
    needs: ['pods', 'resource'],
    chart: 'membership',
    rank: 5,
    ofOperations: true,
    bounds: {
      seconds: bound(120, 's', 'time from the deletion until nothing is left'),
    },
  },
  'limit-holds': {
    title:
      'clients are accepted up to the changed limit and refused beyond it, and those that are connected stay',
    source: 'docs/contract/operations.md#connections, docs/contract/emqx.md#licence',
    needs: ['clients', 'newcomers', 'settings'],
    holdsMoreEasilyWithFewer: true,
    chart: 'connections',
    rank: 9,
    ofOperations: true,
    countsEvictions: true,
    bounds: {
      over: bound(BEYOND_LICENCE, 'share', 'what EMQX allows beyond a limit of more than 25'),
      countSeconds: bound(5, 's', 'age of the count that EMQX compares with the limit'),
      slackSeconds: bound(1, 's', 'the same, as it is recorded'),
    },
  },
  immediate: {
    title: 'the cluster shows the changed setting at once',
    source: 'docs/contract/operations.md#connections, docs/contract/operations.md#transfer',
    needs: ['settings'],
    rank: 15,
    ofOperations: true,
    needsHealthyHarness: true,
    bounds: {
      projectSeconds: bound(2, 's', 'time until the list of projects shows the new one'),
      sampleSeconds: bound(2, 's', 'age of a sample that still proves the time'),
    },
  },
  balance: {
    title: "a rebalance ends within EMQX's own thresholds, and only nodes with too many clients lose any",
    source: 'docs/contract/emqx.md#rebalance',
    needs: ['evacuation-status'],
    chart: 'connections',
    rank: 40,
    ofOperations: true,
    countsEvictions: true,
    reads: ['thresholds'],
    bounds: {
      others: bound(0, 'clients', 'clients of nodes that give none that lose their connection, at most'),
      staleSeconds: bound(3, 's', 'age of a gauge, from which a rebalance is judged after its end'),
    },
  },
  'data-kept': {
    title: 'what EMQX keeps for clients that are not connected survives: retained messages, sessions, queues',
    source: 'docs/contract/operations.md#stored-data',
    needs: ['stored-data'],
    rank: 13,
    ofOperations: true,
    bounds: {
      lost: bound(0, 'messages or sessions', 'retained messages, sessions and queued messages lost, at most'),
    },
  },
  resized: {
    title: 'in the end EMQX has the requested resources in every pod, and none was killed or restarted',
    source: 'docs/contract/operations.md#resources',
    needs: ['pods'],
    chart: 'membership',
    rank: 38,
    ofOperations: true,
    bounds: {
      restarts: bound(0, 'restarts', 'restarts of EMQX in a new pod, at most'),
    },
  },
  'as-before': {
    title:
      'in the end the cluster is as it was before: its pods, its Service, what it asks for, and no other set',
    source: 'docs/contract/operations.md#changes-that-cannot-be-made',
    needs: ['pods', 'service', 'resource'],
    chart: 'membership',
    rank: 39,
    ofOperations: true,
    bounds: {
      generations: bound(
        2,
        'generations',
        'changes of the resource: one, and the one that takes it back, at most',
      ),
    },
  },
  'log-truth': {
    title: "EMQX's own log of each evacuation is recorded, and tells what happened",
    source: 'docs/contract/emqx.md#logs, docs/contract/operations.md#logs',
    needs: ['logs', 'evacuation-status', 'evacuation', 'evictions'],
    chart: 'rates',
    rank: 41,
    ofOperations: true,
    needsHealthyHarness: true,
    reads: ['connEvictRate'],
    bounds: {
      ticks: bound(2, 'ticks', 'how far the logged counts may be ahead of the rate, as of eviction-envelope'),
      tolerance: bound(3, 'connections', 'connections that others may add: the probe, an operator'),
      toleranceShare: bound(0.01, 'share', 'the same, as a share of the count'),
      arrivalSeconds: bound(2, 's', 'how long a line may take from EMQX to the record'),
      lateSeconds: bound(30, 's', "how long after EMQX's status the first line may come"),
    },
  },
} as const satisfies Record<string, Definition>
