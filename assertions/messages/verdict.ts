import { type Blocker, blockerText, type ParameterName } from '#weir/facts/index.ts'
import { type Moment, seconds } from '../evidence/wording.ts'
import { count, disrupted, type Exit, exit, when } from './english.ts'

const capital = (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}`

/** Messages of the verdict as a whole: headline, and findings that judge() changes or cannot compute. */
export const verdict = {
  /** Sentences one after the other. */
  sentences: (sentences: readonly string[]) => sentences.join(' '),
  /** A sentence at the end of another. */
  clause: ({ sentence }: { sentence: string }) => sentence.replace(/\.$/, ''),
  inconclusive: ({ why }: { why: string }) => `Inconclusive: ${why}.`,
  /** What was given to `inconclusive`. */
  whyInconclusive: ({ sentence }: { sentence: string }) =>
    sentence.replace(/^Inconclusive: /, '').replace(/\.$/, ''),
  nothingAsserted: 'No assertion was judged, so nothing is proved.',
  open: (v: { passed: number; all: number; id: string; others: number; sentence: string }) =>
    `Nothing failed and ${v.passed} of ${v.all} assertions held, but ${v.id}${v.others > 0 ? ` and ${v.others} more` : ''} ${v.others > 0 ? 'are' : 'is'} inconclusive. ${v.sentence}`,
  requested: (v: { byDefault: boolean; requested: number; judged: number }) =>
    `${v.byDefault ? `No rate was configured, so the operator's default of ${v.requested}/s applies` : `The resource requests ${v.requested}/s`}, but this run is judged by ${v.judged}/s.`,
  blocked: (blocker: Blocker) => `The rollout is held up: ${blockerText(blocker).replace(/\.$/, '')}.`,
  crashed: (v: Exit & { node: string; at: Moment; clients: number }) =>
    `Node ${v.node} crashed ${when(v.at)}: its container ended ${exit(v)} while ${count(v.clients, 'client')} ${v.clients === 1 ? 'was' : 'were'} connected.`,
  alsoFailed: ({ ids }: { ids: readonly string[] }) =>
    ids.length > 5
      ? `Failed: ${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more.`
      : `Failed: ${ids.join(', ')}.`,
  deviatesAsExpected: ({ ids }: { ids: readonly string[] }) =>
    `This is the known deviation ${ids.join(', ')}, as the scenario expects.`,
  deviatesOtherwise: ({ ids }: { ids: readonly string[] }) =>
    `The scenario expects the deviation ${ids.join(', ')}, but this run differs from it.`,
  allHeld: ({ assertions }: { assertions: number }) => `All ${count(assertions, 'assertion')} held.`,
  passed: (v: {
    evictions: number
    clients: number
    oldNodes: number
    newNodes: number
    /** Nodes whose pods were deleted. */
    leftNodes: number
    tookNs: number
    rate: number
    assertions: number
  }) => {
    const off = v.leftNodes > 0 ? ` off ${count(v.leftNodes, 'node')}` : ''
    const where = v.newNodes > 0 ? ` from ${v.oldNodes} old to ${count(v.newNodes, 'new node')}` : off
    return `${count(v.evictions, 'eviction')} moved ${count(v.clients, 'client')}${where} in ${seconds(v.tookNs)}, ${v.rate} a second per node as configured: all ${count(v.assertions, 'assertion')} held.`
  },
  undrained: (v: {
    rate: number
    node: string
    connections: number
    tookSeconds: number
    at: Moment
    isEvacuated: boolean
    /** The reason why Kubernetes itself ended the pod. */
    disruption?: string | undefined
    others: number
    /** A disconnect without a known node may be one of these. */
    isLeast: boolean
    total: number
  }) => {
    const deleted = v.isEvacuated
      ? 'when its pod was deleted before its evacuation had moved them'
      : 'when its pod was deleted with them on it'
    const why = v.disruption === undefined ? deleted : `because its pod ${disrupted(v.disruption)}`
    const others =
      v.others > 0
        ? `; the same happened to ${count(v.others, 'more node', 'more nodes')}, ${v.isLeast ? 'at least ' : ''}${v.total} connections in all`
        : ''
    return `connEvictRate ${v.rate} was not kept: node ${v.node} dropped ${v.connections} connections within ${v.tookSeconds.toFixed(1)} s ${when(v.at)}, ${why}${others}.`
  },

  unhealthy: ({ isPass, sentence }: { isPass: boolean; sentence: string }) =>
    `the load-generator host did not keep up; ${isPass ? 'as recorded, the assertion held' : 'as recorded, the assertion did not hold'}: ${sentence}`,
  uncertainEnds: ({ ends, all }: { ends: number; all: number }) =>
    `${ends} of ${count(all, 'connection')} ended in a time-out or a reset, which a stalled path explains as well as the node`,
  uncertainEndsSettle: 'Rerun on an undisturbed network.',
  scrapeClock: ({ ns }: { ns: number }) =>
    `the scrapes agree with the clients when their clock is taken to be ${seconds(Math.abs(ns))} ${ns > 0 ? 'behind' : 'ahead'}`,
  lateWatches: ({ ns }: { ns: number }) =>
    `the watches reported the change itself only ${seconds(ns)} after it was made, so other changes may be as much older than they look`,
  otherwise: ({ why, sentence }: { why: string; sentence: string }) => `${why}. As recorded: ${sentence}`,
  stalled: ({ ns, sentence }: { ns: number; sentence: string }) =>
    `the whole cluster answered nothing for ${seconds(ns)}, so the path to it may have stood still. As recorded: ${sentence}`,
  parameter: {
    connEvictRate: 'the eviction rate',
    waits: "EMQX's waits",
    reconnect: "the clients' reconnect delay",
    thresholds: 'the thresholds of the rebalance',
  } satisfies Record<ParameterName, string>,
  option: {
    connEvictRate: '--rate',
    waits: '--wait-takeover and --wait-health-check',
    reconnect: '--reconnect',
    thresholds: '--abs-conn-threshold and --rel-conn-threshold',
  } satisfies Record<ParameterName, string>,
  unsaid: ({ names, sentence }: { names: string[]; sentence: string }) =>
    `the recording does not say what ${names.join(' and ')} ${names.length > 1 ? 'were' : /waits$|^the thresholds/.test(names[0] ?? '') ? 'were' : 'was'} to be. As recorded: ${sentence}`,
  unsaidSettle: ({ options }: { options: string[] }) => `Import it again with ${options.join(' and ')}.`,
  scrapesEnd: ({ at, sentence }: { at: Moment; sentence: string }) =>
    `the last scrape was made ${when(at)}. Until then: ${sentence}`,
  missingRows: ({ missing, example, sentence }: { missing: number; example: string; sentence: string }) =>
    `${missing} client events are missing (${example}), which may explain the failure. As recorded: ${sentence}`,
  contradiction: ({ why }: { why: string }) => `the record contradicts itself: ${why}`,
  processEnded: ({ how, at }: { how: string; at: Moment }) =>
    `${capital(how.replace(/\.$/, ''))} ${when(at)}: nothing from then on is judged.`,
  podClocks: ({ ms }: { ms: number }) =>
    `the clocks of the fleet's pods are known to within ${ms.toFixed(1)} ms only, which explains it`,
  podClocksSettle: 'Rerun where the pods answer weir more quickly.',
  podLost: (v: { how: string; at: Moment; clients: number }) =>
    `${v.how.replace(/\.$/, '')} ${when(v.at)}, and its ${count(v.clients, 'client')} are unknown from then on`,
  podsLost: ({ losses }: { losses: string[] }) => `${capital(losses.join('; '))}.`,
  untilLost: ({ losses, sentence }: { losses: string[]; sentence: string | undefined }) =>
    `${losses.join('; ')}${sentence === undefined ? '' : `. Until then: ${sentence}`}`,
  eitherWay: ({ losses, sentence }: { losses: string[]; sentence: string }) =>
    `${losses.join('; ')}, which decides it. As recorded: ${sentence}`,
  podLostSettle: 'Rerun, and keep every pod of the fleet to the end.',
  noChange: 'the run ended before anything was changed',
  noChangeSettle: 'Let the run get as far as its change.',
  cut: ({ why, sentence }: { why: string; sentence: string }) => `${why}. So far: ${sentence}`,
  truncated: ({ file, what }: { file: string; what: string }) =>
    `the record is truncated before the end of the upgrade (${file}: ${what})`,
  damaged: ({ what }: { what: string | undefined }) => `the record is damaged (${what})`,
  killed: 'the run was killed before the end of the upgrade',
  ended: ({ isInterrupted, reason }: { isInterrupted: boolean; reason: string | undefined }) =>
    `the run ${isInterrupted ? 'was interrupted' : 'failed'} before the end of the upgrade${reason ? ` (${reason})` : ''}`,

  changeUnknown: 'nodes were replaced, but the record does not show when the change was made',
  earlyNode: ({ node }: { node: string }) =>
    `${node} existed before the change, but the first event of its set came after it`,
  noEarlySet: 'the record has no event of a set from before the change',
  clientDid: ({ client, what }: { client: string; what: string }) => `${client} ${what}`,
  missing: {
    disconnect: 'reconnected without a disconnect',
    attempt: 'received an answer without an attempt',
    connection: 'disconnected without a connection',
    outcome: 'attempted twice without an outcome in between',
    connectedBefore: 'subscribed without a connection',
    firstAttempt: 'has no attempt to connect',
    lastOutcome: 'attempted without an outcome',
    away: 'was disconnected and did nothing more',
  },

  unknownAssertion: 'no assertion has this id',
  unknownAssertionSettle: 'Judge the record with the version of weir that made it.',
  unreadable: ({ error }: { error?: string }) => `the record cannot be read as a run: ${error}`,
  noParameters: 'the run ended before its parameters were resolved',
  notComputed: ({ error }: { error?: string }) => `the check failed with an error: ${error}`,
  defectSettle: 'Use a complete record. If this one is complete, this is a bug in weir: please report it.',
}
