import { type Moment, seconds } from '../evidence/wording.ts'
import { count, instant, when } from './english.ts'

/** Live connections of the two sides of a rebalance, on average. */
export interface Sides {
  donors: number
  recipients: number
}

/** Messages of the assertions on operations that change the number of nodes, or where clients are. */
export const scaling = {
  'capacity-follows': {
    bound: (v: { nodes: number; seconds: number; sigmas: number }) =>
      `${count(v.nodes, 'more node')} in the Service within ${v.seconds} s, each with its share of newcomers less ${v.sigmas} σ`,
    unfinished: 'the record ends before the operation',
    noMore: 'the change added no node',
    noMoreSettle: 'Scale to more nodes.',
    unready: ({ nodes, wanted, pods }: { nodes: number; wanted: number; pods: string[] }) =>
      nodes < wanted && pods.length === 0
        ? `Of ${count(wanted, 'node')} that the change adds, only ${nodes} came.`
        : `${pods.join(' and ')} ${pods.length === 1 ? 'was' : 'were'} not in the Service at the end.`,
    measuredServing: ({ serving, wanted }: { serving: number; wanted: number }) =>
      `${serving} of ${wanted} serve`,
    late: ({ pod, at, mostSeconds }: { pod: string; at: Moment; mostSeconds: number }) =>
      `${pod} came into the Service ${when(at)}, later than ${mostSeconds} s.`,
    endpointsSeen: 'endpoints of the Service',
    noNewcomers: 'no client connected after the change to show where new clients land',
    noNewcomersSettle: 'Add the step connect-more after the change.',
    untold: 'not every node told which newcomers it took',
    unconnected: ({ connected, clients }: { connected: number; clients: number }) =>
      `only ${connected} of ${count(clients, 'newcomer')} connected`,
    refused: ({ refused, clients }: { refused: number; clients: number }) =>
      `${refused} connects of ${count(clients, 'newcomer')} were refused after the change.`,
    measuredRefused: ({ refused }: { refused: number }) => `${refused} refused`,
    overQuota: ({ overQuota }: { overQuota: number }) =>
      `a quota, such as that of the licence, was exceeded for ${count(overQuota, 'newcomer')}`,
    overQuotaSettle: 'Rerun with fewer clients, or with a larger licence.',
    uneven: ({ pod, landed, uneven }: { pod: string; landed: number; uneven: string }) =>
      `${pod} took ${count(landed, 'newcomer')}, which may be the way to it (${uneven})`,
    unevenSettle: 'Connect through a Service that deals out connections evenly.',
    few: (v: {
      pod: string
      landed: number
      expected: number
      sigmas: number
      clients: number
      nodes: number
    }) =>
      `${v.pod} took ${v.landed} of ${count(v.clients, 'newcomer')}; an even chance among ${count(v.nodes, 'node')} gives ${v.expected.toFixed(0)}, which is ${v.sigmas.toFixed(1)} σ more.`,
    measuredLanded: ({ landed }: { landed: readonly { pod: string; clients: number }[] }) =>
      landed.map((one) => `${one.pod} ${one.clients}`).join(', '),
    mayBeChance: (v: { pod: string; landed: number; expected: number; sigmas: number }) =>
      `${v.pod} took ${v.landed} newcomers where ${v.expected.toFixed(0)} were to be expected, ${v.sigmas.toFixed(1)} σ more, which may be chance`,
    mayBeChanceSettle: 'Rerun with more newcomers.',
    held: (v: { nodes: number; at: Moment; clients: number; least: number; expected: number }) =>
      `${count(v.nodes, 'added node')} served from ${instant(v.at)} on; of ${count(v.clients, 'newcomer')} each took at least ${v.least} (expected ${v.expected.toFixed(0)}).`,
    newcomersSeen: 'newcomers and the nodes that took them',
  },
  'membership-exact': {
    bound: ({ nodes }: { nodes: number }) =>
      `${count(nodes, 'pod')}, the same in the Service, and the same as running members of EMQX, no stopped one`,
    blind: 'a watch was lost at the end of the run',
    noChange: 'the record shows no change',
    pods: ({ pods, wanted }: { pods: number; wanted: number }) =>
      `there were ${count(pods, 'pod')} of ${wanted}`,
    unready: ({ pods }: { pods: string[] }) =>
      `${pods.join(' and ')} ${pods.length === 1 ? 'was' : 'were'} not ready`,
    missing: ({ pods }: { pods: string[] }) => `the Service did not lead to ${pods.join(' and ')}`,
    strangers: ({ pods }: { pods: string[] }) =>
      `the Service led to ${pods.join(' and ')}, which was no pod of the cluster`,
    absent: ({ pods }: { pods: string[] }) =>
      `EMQX did not count ${pods.join(' and ')} among its running members`,
    stopped: ({ nodes }: { nodes: string[] }) =>
      `EMQX still listed ${nodes.join(' and ')}, which did not run`,
    foreign: ({ nodes }: { nodes: string[] }) =>
      `EMQX counted ${nodes.join(' and ')}, which was no pod of the cluster`,
    unfinished: ({ fact }: { fact: string }) => `the record ends before the operation (${fact})`,
    broken: ({ facts }: { facts: string[] }) => `At the end of the run, ${facts.join('; ')}.`,
    measured: ({ facts }: { facts: string[] }) => facts.join('; '),
    noService: 'the Service was never seen to lead to a pod',
    noServiceSettle: 'Let weir list EndpointSlices, and use the Service that the operator makes.',
    nameUnknown: ({ pod }: { pod: string }) => `the EMQX node of ${pod} is unknown`,
    neverListed: 'EMQX never told its members after the change',
    listedLongAgo: ({ ns }: { ns: number }) => `EMQX told its members last ${seconds(ns)} before the end`,
    samplesSettle: 'Sample the membership until the end of the run.',
    measuredHeld: ({ nodes }: { nodes: number }) => `${count(nodes, 'node')} everywhere`,
    held: ({ nodes }: { nodes: number }) =>
      nodes === 1
        ? '1 pod was ready, in the Service, and the only member of EMQX.'
        : `${count(nodes, 'pod')} were ready, in the Service, and the only members of EMQX.`,
    seen: 'pods, endpoints, membership',
  },
  balance: {
    noBound: 'donors and recipients within the thresholds of the rebalance',
    bound: (v: { absConnThreshold: number; relConnThreshold: number }) =>
      `donors and recipients within ${v.absConnThreshold} connections or a factor of ${v.relConnThreshold} of each other, on average`,
    nothing: 'nothing had to move: the nodes were within the thresholds already',
    nothingSettle: 'Rebalance a cluster that is out of balance, or with lower thresholds.',
    noRebalance: 'the record shows no rebalance',
    noRebalanceSettle: 'Run a scenario with the step rebalance.',
    others: (v: { clients: number; node: string; at: Moment }) =>
      `${count(v.clients, 'client')} of nodes that were to give none lost their connection, the first on ${v.node} ${when(v.at)}.`,
    measuredOthers: ({ clients }: { clients: number }) => `${count(clients, 'client')} of other nodes`,
    othersSeen: 'clients of nodes that are no donors',
    givenUp: (v: { name: string; message: string; at: Moment; after: string }) =>
      `The operator called Rebalance ${v.name} failed ${when(v.at)} ("${v.message}"), while EMQX went on with it.${v.after}`,
    measuredGivenUp: ({ name }: { name: string }) => `Rebalance ${name} failed, EMQX went on`,
    statesSeen: 'the rebalance in the words of EMQX and of the operator',
    noRecipients: 'EMQX was not asked which nodes were to receive clients',
    noRecipientsSettle: 'Record the answers of /load_rebalance/status (lr_body).',
    neverBalanced: 'the record ends before the rebalance does',
    noCounts: 'a node was not asked for its connections after the rebalance had ended',
    noCountsSettle: 'Keep recording for a few seconds after the end.',
    countsSeen: 'connections of each node after the rebalance',
    measured: ({ donors, recipients }: Sides) =>
      `donors ${donors.toFixed(1)}, recipients ${recipients.toFixed(1)} on average`,
    held: (v: Sides & { perNode: string }) =>
      `The rebalance ended with ${v.donors.toFixed(1)} connections per donor and ${v.recipients.toFixed(1)} per recipient: ${v.perNode}.`,
    unbalanced: (v: Sides & { perNode: string }) =>
      `The rebalance ended unbalanced: ${v.donors.toFixed(1)} connections per donor are left, ${v.recipients.toFixed(1)} per recipient: ${v.perNode}.`,
    overshot: (v: Sides & { perNode: string }) =>
      `The rebalance went too far: ${v.donors.toFixed(1)} connections per donor are left, ${v.recipients.toFixed(1)} per recipient: ${v.perNode}.`,
    maybeOvershot: ({ donors, recipients }: Sides) =>
      `donors end with ${donors.toFixed(1)} connections on average and recipients with ${recipients.toFixed(1)}, and how many the last tick may have moved is not known`,
    maybeOvershotSettle: 'Import it again with --rate and --reconnect.',
  },
}
