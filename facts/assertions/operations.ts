import { bound, type Definition } from './definition.ts'

/** What operations on a running cluster promise, besides an update. Only a scenario of such an operation asks for them. */
export const OPERATIONS = {
  untouched: {
    title: 'the operation touches no client and no pod that was there before',
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
    },
  },
  'capacity-follows': {
    title: 'the nodes that were added serve, and new clients come to them',
    source: 'docs/contract/operations.md#promises',
    needs: ['pods', 'service', 'newcomers'],
    chart: 'membership',
    rank: 7,
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
    rank: 20,
    ofOperations: true,
    bounds: {
      staleSeconds: bound(5, 's', 'how old the last list of members may be at the end'),
      stoppedSeconds: bound(0, 's', 'time that EMQX may go on to list a node that has left, as stopped'),
    },
  },
  resized: {
    title: 'in the end EMQX has the requested resources in every pod, and none was killed or restarted',
    source: 'docs/contract/operations.md#resources',
    needs: ['pods'],
    chart: 'membership',
    rank: 34,
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
    rank: 35,
    ofOperations: true,
    bounds: {
      generations: bound(
        2,
        'generations',
        'changes of the resource: one, and the one that takes it back, at most',
      ),
    },
  },
} as const satisfies Record<string, Definition>
