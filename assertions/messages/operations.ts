import {
  differences,
  type Lacking,
  type Resources,
  resourcesText,
  type StoredCounts,
} from '#weir/facts/index.ts'
import { type Moment, seconds } from '../evidence/wording.ts'
import { count, instant, listed, when } from './english.ts'

/** Live connections of the two sides of a rebalance, on average. */
export interface Sides {
  donors: number
  recipients: number
}

/** Messages of the assertions in facts/assertions/operations.ts. */
export const operations = {
  untouched: {
    bound: ({ clients }: { clients: number }) =>
      clients === 0
        ? 'no connection ends or begins, no pod that was there ends or restarts, no set or Service is written anew'
        : `at most ${count(clients, 'client')} disturbed, no pod that was there ends or restarts, no set or Service is written anew`,
    noClients: 'the record has no client events after the trigger',
    measured: (v: { clients: number; ports: number; pods: number; objects: number; changes: number }) =>
      [
        `${count(v.clients, 'client')} and ${count(v.pods, 'pod')} disturbed`,
        ...(v.ports > 0 ? [`${count(v.ports, 'client')} with another local port`] : []),
        ...(v.objects > 0 ? [`${count(v.objects, 'set or Service', 'sets and Services')} written anew`] : []),
        ...(v.changes > 0 ? [`${count(v.changes, 'change')} of the resource`] : []),
      ].join(', '),
    blind: 'a watch was lost after the trigger',
    lost: (v: { clients: number; all: number; client: string; node: string; at: Moment }) =>
      `${v.clients} of ${count(v.all, 'client')} lost their connection; ${v.client} was the first, on ${v.node} ${when(v.at)}.`,
    deleted: ({ pod, at }: { pod: string; at: Moment }) =>
      `Pod ${pod}, which was there before, was deleted ${when(at)}.`,
    restarted: ({ pod, at }: { pod: string; at: Moment }) =>
      `EMQX restarted in pod ${pod}, which was there before; the kubelet reported it ${when(at)}.`,
    evacuated: ({ node, at }: { node: string; at: Moment }) =>
      `EMQX began to evacuate ${node} ${when(at)}, though nobody had to move.`,
    evacuationSeen: "EMQX's status of evacuations",
    replaced: ({ set, at }: { set: string; at: Moment }) =>
      `A new set, ${set}, got pods ${when(at)}: pods were to be replaced.`,
    held: (v: { clients: number | undefined; pods: number; ns: number; ports: number; objects: number }) => {
      const { clients, pods, ns, ports, objects } = v
      const who = clients === undefined ? '' : `${count(clients, 'client')} kept their connections and `
      const same = [
        ...(ports > 0 ? [`${count(ports, 'connection')} had the same local port at the end`] : []),
        ...(objects > 0
          ? [`${count(objects, 'set or Service', 'sets and Services')} stayed as they were`]
          : []),
      ]
      const more = same.length > 0 ? `; ${same.join(', and ')}` : ''
      return `${who}${count(pods, 'pod')} ran on, for ${seconds(ns)} from the trigger${more}.`
    },
    ported: (v: { clients: number; all: number; client: string; from: number; to: number }) =>
      `${v.clients} of ${count(v.all, 'client')} had another connection at the end than before, by the port of its own end; ${v.client} had port ${v.to} instead of ${v.from}, and no end of its connection is recorded.`,
    rewritten: (v: { kind: string; name: string; fields: string[]; at: Moment }) =>
      `${v.kind} ${v.name}, which was there before, got another ${v.fields.join(' and ')} ${when(v.at)}.`,
    rewrittenSeen: ({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`,
    generations: (v: { made: number; most: number; at: Moment }) =>
      `The resource was changed ${v.made === 1 ? 'once' : `${v.made} times`}, the last time ${when(v.at)}, and ${v.most === 0 ? 'the operation was not to change it' : `the operation changes it ${v.most === 1 ? 'once' : `at most ${v.most} times`}`}.`,
    podsSeen: 'pods and sets after the trigger',
    clientsSeen: 'clients after the trigger',
    podSeen: ({ pod }: { pod: string }) => `pod ${pod}`,
    setSeen: ({ set }: { set: string }) => `set ${set}`,
  },
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
  'state-truth': {
    bound: (v: { earlySeconds: number; lateSeconds: number }) =>
      `at most ${v.earlySeconds} s before it is true, at most ${v.lateSeconds} s after`,
    noChange: 'the record shows no change',
    neverTold: 'how many nodes the resource asks for is not recorded',
    neverToldSettle: 'Record the run with this version of weir.',
    blind: 'a watch was lost after the trigger',
    measuredEarly: 'too early',
    early: ({ at, lacking }: { at: Moment; lacking: string }) =>
      `The resource said ${when(at)} that it runs as asked (运行中), but ${lacking}.`,
    unfinished: ({ lacking }: { lacking: string }) => `at the end ${lacking}`,
    measured: ({ ns }: { ns: number }) => `${seconds(ns)} after it was true`,
    late: ({ at, ns, said }: { at: Moment; ns: number; said: boolean }) =>
      said
        ? `Pods and Service were as asked ${when(at)}, but the resource said so only ${seconds(ns)} later.`
        : `Pods and Service were as asked ${when(at)}, but ${seconds(ns)} later the resource still did not say so.`,
    notYet: ({ ns }: { ns: number }) =>
      `the record ends ${seconds(ns)} after pods and Service were as asked, before the resource said so`,
    cut: 'the record ends before the resource said that it runs as asked',
    held: ({ ns }: { ns: number }) =>
      `The resource said that it runs as asked (运行中) ${seconds(ns)} after its pods and its Service were, and never too early.`,
    lacking: (v: Lacking) => {
      if (v.what === 'unserved') return `the Service did not lead to ${v.names.join(' and ')}`
      return v.what === 'unready'
        ? `${v.pods} of ${v.wanted} pods were ready`
        : `there were ${v.pods} pods instead of ${v.wanted}`
    },
    seen: 'resource, pods and endpoints after the trigger',
  },
  stopped: {
    bound: ({ seconds: most, closeSeconds }: { seconds: number; closeSeconds: number }) =>
      `no pod after ${most} s, no connection ${closeSeconds} s later, and after a start as many pods as before`,
    noStop: 'the record shows no stop',
    noStopSettle: 'Stop the cluster with the step stop.',
    blind: 'the watch of pods was lost',
    unfinished: ({ pods }: { pods: number }) =>
      `the record ends while ${count(pods, 'pod')} ${pods === 1 ? 'is' : 'are'} still there`,
    stay: ({ pods, ns }: { pods: string[]; ns: number }) =>
      `${pods.join(' and ')} still ran ${seconds(ns)} after the stop.`,
    measuredStay: ({ pods }: { pods: number }) => `${count(pods, 'pod')} left`,
    late: ({ ns }: { ns: number }) => `The last pod was gone only ${seconds(ns)} after the stop.`,
    measured: ({ ns }: { ns: number }) => `no pod after ${seconds(ns)}`,
    back: ({ pod, at }: { pod: string; at: Moment }) =>
      `Pod ${pod} came ${when(at)}, while the cluster was stopped.`,
    connected: ({ client, at }: { client: string; at: Moment }) =>
      `${client} was connected ${when(at)}, though no pod was left.`,
    unrestored: ({ now, before }: { now: number; before: number }) =>
      `the record ends with ${count(now, 'pod')} of ${before}`,
    restored: ({ now, before }: { now: number; before: number }) =>
      `Before the stop there were ${count(before, 'pod')}, and after the start ${now}.`,
    measuredRestored: ({ now, before }: { now: number; before: number }) =>
      `${now} of ${count(before, 'pod')}`,
    held: ({ pods, ns, started }: { pods: number; ns: number; started: boolean }) =>
      `${count(pods, 'pod')} ${pods === 1 ? 'was' : 'were'} gone ${seconds(ns)} after the stop, and nobody was connected${started ? `; after the start there were ${pods} again` : ''}.`,
    podsSeen: 'pods from the stop on',
  },
  'order-of-deletion': {
    bound: ({ seconds: most }: { seconds: number }) =>
      `no pod when the resource is deleted, and nothing but volumes ${most} s later`,
    noDeletion: 'the record shows no deletion',
    noDeletionSettle: 'Delete the cluster with the step delete.',
    blind: 'the watch of pods was lost before the deletion',
    unfinished: 'the record ends before the deletion',
    running: ({ pods, at }: { pods: string[]; at: Moment }) =>
      `The resource was deleted ${when(at)} while ${pods.join(' and ')} still ran: the cluster was not stopped first.`,
    measuredRunning: ({ pods }: { pods: number }) => `${count(pods, 'pod')} when the resource was deleted`,
    resource: 'the resource itself',
    left: ({ left, ns }: { left: string[]; ns: number }) =>
      `${seconds(ns)} after the deletion there was still ${left.slice(0, 5).join(', ')}${left.length > 5 ? ` and ${left.length - 5} more` : ''}.`,
    measuredLeft: ({ left }: { left: string[] }) => `${count(left.length, 'object')} left`,
    notLooked: 'weir did not look for what was left',
    notLookedSettle: 'Add the step `waitFor: gone` after the deletion.',
    unlisted: ({ kind, why }: { kind: string; why: string }) => `${kind} objects could not be listed: ${why}`,
    unlistedSettle: 'Let weir list what operators make: see deploy/rbac.yaml.',
    measured: ({ ns, volumes }: { ns: number; volumes: number }) =>
      `nothing left after ${seconds(ns)}${volumes > 0 ? ` but ${count(volumes, 'volume')}` : ''}`,
    held: ({ ns, volumes }: { ns: number; volumes: string[] }) =>
      `The cluster was stopped before it was deleted, and ${seconds(ns)} later nothing of it was left${volumes.length > 0 ? ` but its volumes, which stay until somebody deletes them: ${volumes.join(', ')}` : ''}.`,
    seen: 'resource, pods and leftovers',
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
  'data-kept': {
    bound: ({ lost }: { lost: number }) =>
      lost === 0 ? 'nothing that EMQX keeps is lost' : `at most ${lost} of what EMQX keeps lost`,
    noChange: 'the record shows no change',
    noneStored: 'EMQX was given nothing to keep',
    noneStoredSettle: 'Add the step store-data before the change and find-data after it.',
    notTaken: ({ error }: { error: string }) => `EMQX did not take what it was to keep: ${error}`,
    notTakenSettle: "Let weir's clients publish and subscribe below weir/stored/, retained messages too.",
    notFetched: 'the record ends before EMQX was asked for what it keeps',
    noAnswer: ({ error }: { error: string }) => `EMQX could not be asked for all that it keeps: ${error}`,
    measured: ({ found, stored }: { found: StoredCounts; stored: StoredCounts }) =>
      [
        ...(stored.retained > 0 ? [`${found.retained} of ${stored.retained} retained`] : []),
        ...(stored.sessions > 0 ? [`${found.sessions} of ${count(stored.sessions, 'session')}`] : []),
        ...(stored.queued > 0 ? [`${found.queued} of ${stored.queued} queued`] : []),
      ].join(', '),
    lost: ({ parts, lost, missing: [first] }: { parts: string[]; lost: number; missing: string[] }) => {
      const what = `After the change ${listed(parts)} ${lost === 1 ? 'was' : 'were'} lost`
      if (first === undefined) return `${what}.`
      return lost === 1 ? `${what}: ${first}.` : `${what}, ${first} among them.`
    },
    retained: ({ lost, all }: { lost: number; all: number }) =>
      `${lost} of ${count(all, 'retained message')}`,
    sessions: ({ lost, all }: { lost: number; all: number }) =>
      `${lost} of ${count(all, 'session')} of clients that were away`,
    queued: ({ lost, all }: { lost: number; all: number }) =>
      `${lost} of ${count(all, 'message')} that waited for them`,
    held: ({ stored, tolerated }: { stored: StoredCounts; tolerated: number }) => {
      const { retained, sessions, queued } = stored
      const parts = [
        ...(retained > 0 ? [count(retained, 'retained message')] : []),
        ...(sessions > 0 ? [`${count(sessions, 'session')} of clients that were away`] : []),
        ...(queued > 0 ? [`${count(queued, 'message')} that waited for them`] : []),
      ]
      const verb = retained + sessions + queued === 1 ? 'was' : 'were'
      return `${listed(parts)} ${verb} still there after the change${tolerated > 0 ? `, but for ${tolerated} that may be lost` : ''}.`
    },
    seen: 'what was stored, and what was found',
  },
  resized: {
    bound: ({ wanted }: { wanted: Resources | undefined }) =>
      `${wanted ? resourcesText(wanted) : 'the requested resources'} in every pod, no restart, nothing killed for its memory`,
    noResize: 'the change was none of resources, or it was taken back',
    noResizeSettle: 'Run a scenario with the step resize.',
    blind: 'a watch was lost after the trigger',
    fewer: ({ pods, wanted }: { pods: number; wanted: number }) =>
      `At the end there were ${count(pods, 'pod')} of ${wanted}.`,
    unfinished: ({ fact }: { fact: string }) => `the record ends before the operation (${fact})`,
    untold: ({ pod }: { pod: string }) => `the record does not have the resources of ${pod}`,
    untoldSettle: 'Use a record of this version of weir.',
    otherwise: (v: { pods: string[]; has: Resources; wanted: Resources; all: number }) =>
      `${v.pods.length} of ${count(v.all, 'pod')} had other resources at the end: ${v.pods[0]} had ${differences(v.has, v.wanted).join(', ')}.`,
    killed: ({ pod, at }: { pod: string; at: Moment }) =>
      `EMQX in pod ${pod} was killed because it ran out of memory (OOMKilled); the kubelet reported it ${when(at)}.`,
    restarted: (v: { pod: string; restarts: number; at: Moment }) =>
      `EMQX in pod ${v.pod} had restarted ${v.restarts === 1 ? 'once' : `${v.restarts} times`} ${when(v.at)}.`,
    measured: (v: { right: number; all: number; restarts: number }) =>
      `${v.right} of ${count(v.all, 'pod')} as requested, ${count(v.restarts, 'restart')}`,
    held: ({ pods, wanted }: { pods: number; wanted: Resources }) =>
      `EMQX had ${resourcesText(wanted)} in all ${count(pods, 'pod')}, and none was killed or restarted.`,
    seen: 'resources and restarts of the pods',
  },
  'as-before': {
    bound: ({ pods }: { pods: number }) =>
      `the same ${count(pods, 'pod')}, ready and in the Service, nothing else asked for, and no other set`,
    noChange: 'the record shows no change',
    blind: 'a watch was lost at the end of the run',
    noResource: 'the record does not show the resource before and after the change',
    noService: 'the Service was never seen to lead to a pod',
    noServiceSettle: 'Let weir list EndpointSlices, and use the Service that the operator makes.',
    gone: ({ pods }: { pods: string[] }) =>
      `${pods.join(' and ')} of before ${pods.length === 1 ? 'was' : 'were'} gone`,
    unready: ({ pods }: { pods: string[] }) =>
      `${pods.join(' and ')} ${pods.length === 1 ? 'was' : 'were'} not ready`,
    service: ({ missing, strangers }: { missing: string[]; strangers: string[] }) =>
      missing.length > 0
        ? `the Service did not lead to ${missing.join(' and ')}`
        : `the Service led to ${strangers.join(' and ')} too`,
    unsettled: ({ condition }: { condition: string | undefined }) =>
      `the resource was not settled (condition ${condition ?? 'none'})`,
    version: ({ version, before }: { version: string | undefined; before: string | undefined }) =>
      `the resource asked for EMQX ${version ?? 'of no version'}, not ${before ?? 'of no version'}`,
    generations: ({ made, most }: { made: number; most: number }) =>
      `the resource had been changed ${made === 1 ? 'once' : `${made} times`}, and ${most === 0 ? 'never' : `at most ${most} times`} was asked for`,
    setLeft: ({ set, pods }: { set: string; pods: number }) =>
      `the set ${set}, which the change made, was left and wanted ${count(pods, 'pod')}`,
    unfinished: ({ fact }: { fact: string }) => `the record ends before the operation (${fact})`,
    broken: ({ facts }: { facts: string[] }) => `At the end of the run, ${facts.join('; ')}.`,
    measured: ({ facts }: { facts: string[] }) => facts.join('; '),
    measuredHeld: ({ pods }: { pods: number }) => `${count(pods, 'pod')} as before`,
    held: ({ pods }: { pods: number }) =>
      `The same ${count(pods, 'pod')} as before the change were ready and in the Service, and no other set was left.`,
    seen: 'pods, sets, endpoints and the resource',
  },
}
