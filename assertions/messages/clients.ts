import { MQTT_CODE_WORDS } from '#weir/facts/mqtt-codes.ts'
import { type Moment, seconds } from '../evidence/wording.ts'
import { count, type Exit, exit, instant, type Quantiles, quantiles, when } from './english.ts'

/** Messages of the assertions in facts/assertions/clients.ts. */
export const clients = {
  landing: {
    bound: ({ pValue }: { pValue: number }) => `0 on old nodes, even spread (p ≥ ${pValue})`,
    none: { measured: 'no new connections', why: 'no client connected after a first eviction' },
    noneSettle: 'Run a scenario in which evicted clients come back.',
    perNode: ({ landings, others }: { landings: { node: string; connections: number }[]; others: number }) =>
      [
        ...landings.map(({ node, connections }) => `${node}=${connections}`),
        ...(others > 0 ? [`others=${others}`] : []),
      ].join(' '),
    seen: 'connections from the first eviction on',
    measuredOld: ({ onOld, total }: { onOld: number; total: number }) => `${onOld} of ${total} on old nodes`,
    onOld: ({ onOld, total, node, at }: { onOld: number; total: number; node: string; at: Moment }) =>
      `${onOld} of ${count(total, 'connection')} made after evictions had begun landed on an old node, the first on ${node} ${when(at)}: these clients must move again.`,
    unsampled: ({ onOld, at }: { onOld: number; at: Moment }) =>
      `${count(onOld, 'connection')} landed on an old node, but the evacuation status was not sampled when the first connection was lost ${when(at)}, so evictions may not have begun`,
    onOldSeen: 'landings on old nodes',
    unknownNodes: ({ unknown, total }: { unknown: number; total: number }) => ({
      measured: `${unknown} of ${total} unknown`,
      why: `the node of ${count(unknown, 'new connection')} of ${total} is in no listing`,
    }),
    unknownNodesSettle: "List each node's clients completely and more often.",
    measuredUneven: ({ pValue }: { pValue: number }) => `p = ${pValue.toExponential(1)}`,
    severalAddresses: ({ perNode, addresses }: { perNode: string; addresses: number }) =>
      `connections spread unevenly over the new nodes (${perNode}), and clients came by ${addresses} addresses, which may lead to different nodes`,
    severalAddressesSettle: 'Give clients one address, with --address or fleet.connection.',
    uneven: ({ total, perNode }: { total: number; perNode: string }) =>
      `${count(total, 'connection')} spread unevenly over the new nodes: ${perNode}.`,
    measured: ({ total, pValue }: { total: number; pValue: number }) =>
      `0 of ${total} on old nodes, p = ${pValue.toPrecision(2)}`,
    held: ({ connections, perNode }: { connections: number; perNode: string }) =>
      `All ${connections} connections after the first eviction landed on new nodes: ${perNode}.`,
  },
  hops: {
    bound: ({ onceShare, most, perClient }: { onceShare: number; most: number; perClient: number }) =>
      `at least ${onceShare * 100} % once, none more than ${most} times, at most ${perClient} per client`,
    measured: ({ share, most, perClient }: { share: number; most: number; perClient: number }) =>
      `${(share * 100).toFixed(1)} % once, at most ${most}, ${perClient} per client`,
    held: ({ once, evicted }: { once: number; evicted: number }) =>
      `${count(once, 'client')} of ${evicted} moved exactly once.`,
    heldByPods: (v: { evicted: number; most: number; nodes: number; evictions: number }) =>
      `${count(v.evictions, 'move')} of ${count(v.evicted, 'client')}, none of which moved more than ${count(v.most, 'time')} while ${count(v.nodes, 'node')} were replaced one after the other.`,
    dropped: (v: {
      clients: number
      node: string
      isNew: boolean
      at: Moment
      others: number
      crash: Exit | undefined
    }) => {
      const nodes = `${v.node}${v.others > 0 ? ` and ${count(v.others, v.isNew ? 'other new node' : 'other node')}` : ''}`
      const why = v.crash
        ? `the container of ${v.node} ended ${exit(v.crash)}`
        : `nothing evacuated or deleted ${v.others > 0 ? 'them' : 'it'}`
      const who = v.isNew ? 'that had moved lost the connection again to' : 'lost the connection to'
      return `${count(v.clients, 'client')} ${who} ${nodes}, the first ${when(v.at)}: ${why}.`
    },
    neverPolled: ({ evictions }: { evictions: number }) =>
      `${count(evictions, 'connection')} to nodes that stay ended, and EMQX was never polled for whether it was evacuating these nodes`,
    droppedSeen: 'connections lost to nodes that stay',
    seen: 'all evictions',
    again: (v: {
      again: number
      evicted: number
      most: number
      at: Moment
      evictions: number
      clients: number
    }) =>
      `${count(v.again, 'client')} of ${v.evicted} were evicted more than once, one of them ${v.most} times, from ${instant(v.at)} on: ${v.evictions} evictions for ${v.clients} clients.`,
    againSeen: 'second and later evictions',
  },
  'no-storm': {
    bound: ({ rate, burst }: { rate: number; burst: number }) =>
      `at most ${rate}/s and a burst of ${burst} attempts`,
    none: { measured: 'no attempts', why: 'no client tried to connect after the trigger' },
    seen: 'the tightest burst of attempts',
    measured: ({ burst }: { burst: number }) => `burst ${burst}`,
    held: ({ attempts, burst, rate }: { attempts: number; burst: number; rate: number }) =>
      `${count(attempts, 'attempt')}, never more than ${burst} ahead of ${rate}/s.`,
    vacuous: ({ held, burst }: { held: number; burst: number }) =>
      `the clients' reconnect delays differ so much that bursts of ${burst} attempts are allowed, and a node that drops all of its ${count(Math.floor(held), 'client')} at once makes no more`,
    vacuousSettle: 'Use more clients per node, a lower rate, or reconnect delays that differ less.',
    storm: (v: { at: Moment; attempts: number; tookNs: number; rate: number; allowed: number }) =>
      `Reconnect storm ${when(v.at)}: ${count(v.attempts, 'attempt')} within ${seconds(v.tookNs)}; ${v.rate}/s allows ${v.allowed}.`,
  },
  amplification: {
    bound: ({ perEviction }: { perEviction: number }) => `at most ${perEviction} attempts per eviction`,
    measured: ({ ratio }: { ratio: number }) => `${ratio.toFixed(3)} attempts per eviction`,
    seen: 'attempts and evictions',
    held: ({ attempts, evictions }: { attempts: number; evictions: number }) =>
      `${count(attempts, 'attempt')} for ${count(evictions, 'eviction')} of clients that came back.`,
    exceeded: (v: { attempts: number; evictions: number; refusals: number; failures: number }) =>
      `${count(v.attempts, 'attempt')} for ${count(v.evictions, 'eviction')}: ${count(v.refusals, 'attempt')} ended in a refusal and ${v.failures} without an answer, and were retried.`,
  },
  'offline-peak': {
    bound: ({ most }: { most: number }) => `at most ${most} clients at once`,
    none: 'none',
    measured: ({ peak }: { peak: number }) => count(peak, 'client'),
    seen: 'the peak of clients offline',
    held: ({ peak, at }: { peak: number; at: Moment }) =>
      `At most ${count(peak, 'client')} were offline at once, ${when(at)}.`,
    slowBefore: ({ peak, most, ns }: { peak: number; most: number; ns: number }) =>
      `${count(peak, 'client')} were offline at once, ${most} are allowed, and a connect took up to ${seconds(ns)} even before the change`,
    exceeded: ({ peak, at, rate, most }: { peak: number; at: Moment; rate: number; most: number }) =>
      `${count(peak, 'client')} were offline at once ${when(at)}; ${rate}/s and the clients' reconnect delay allow ${most}.`,
  },
  downtime: {
    bound: (v: { delayNs: number; graceSeconds: number; mostSeconds: number }) =>
      `at most ${seconds(v.delayNs)} × (1 + refusals) + ${v.graceSeconds} s, never over ${v.mostSeconds} s`,
    none: 'no downtime',
    measured: (v: Quantiles) => quantiles(v, 'no client came back'),
    held: (v: { spells: number; p50Seconds: number | null; maxSeconds: number | null }) =>
      `All ${count(v.spells, 'period')} of downtime ended within ${v.maxSeconds} s, half of them within ${v.p50Seconds} s.`,
    doubtful: ({ periods, ns }: { periods: number; ns: number }) =>
      `${count(periods, 'period')} of downtime lasted up to ${seconds(ns)} too long, which the harness's own delay may explain`,
    seen: 'disconnect to CONNACK of each client',
    late: (v: {
      clients: number
      periods: number
      client: string
      node: string
      at: Moment
      /** Infinite when the client never came back. */
      tookNs: number
    }) => {
      const times = v.periods > v.clients ? `, ${v.periods} times in all` : ''
      const back = Number.isFinite(v.tookNs) ? `took ${seconds(v.tookNs)} to come back` : 'never came back'
      return `${count(v.clients, 'client')} ${v.clients === 1 ? 'was' : 'were'} without service too long${times}; ${v.client}, disconnected by ${v.node} ${when(v.at)}, ${back}.`
    },
  },
  refusals: {
    bound: ({ most, share, clients }: { most: number; share: number; clients: number }) =>
      `at most ${most} refusals (${share * 100} % of ${clients})`,
    none: { measured: 'no clients', why: 'no client ever received a CONNACK' },
    measured: ({ refusals }: { refusals: number }) => count(refusals, 'refusal'),
    held: ({ refusals, codes }: { refusals: number; codes: Codes }) =>
      refusals === 0 ? 'No client was refused.' : `${count(refusals, 'refusal')}: ${byCode(codes)}.`,
    seen: 'all CONNACKs',
    exceeded: (v: { refusals: number; clients: number; at: Moment; codes: Codes }) =>
      `${count(v.refusals, 'CONNECT')} of ${count(v.clients, 'client')} were refused from ${instant(v.at)} on: ${byCode(v.codes)}.`,
    refusedSeen: 'refusing CONNACKs',
  },
  conservation: {
    bound: ({ clients }: { clients: number }) =>
      `${clients} clients at the end, each once; the sum of gauges within what was offline`,
    measured: ({ connected, away, lost }: { connected: number; away: number; lost: number }) =>
      `${connected} connected, ${away} away by plan, ${lost} lost`,
    seen: 'connections until the end state',
    lost: (v: { lost: number; clients: number; client: string; node: string; at: Moment; goneNs: number }) =>
      `${count(v.lost, 'client')} of ${v.clients} never came back: ${v.client} lost its connection to ${v.node} ${when(v.at)} and was still offline ${seconds(v.goneNs)} later.`,
    twice: (v: { clients: number; nodes: string; client: string; at: Moment }) =>
      `${count(v.clients, 'client')} ${v.clients === 1 ? 'is' : 'are'} listed as connected by two nodes at once: ${v.nodes} both still list ${v.client}, which connected ${when(v.at)}.`,
    nodes: ({ nodes }: { nodes: string[] }) => nodes.join(' and '),
    listingsSeen: ({ nodes }: { nodes: string }) => `listings of ${nodes}`,
    unlisted: ({ missing, clients, client }: { missing: number; clients: number; client: string }) =>
      `${count(missing, 'client')} of ${clients} ${missing === 1 ? 'has' : 'have'} a connection that no node lists, for example ${client}.`,
    lastListingsSeen: 'last listings of all nodes',
    neverConnected: ({ missing, clients, client }: { missing: number; clients: number; client: string }) =>
      `${count(missing, 'client')} of ${clients} never connected, for example ${client}.`,
    onTheWay: ({ onTheWay, clients }: { onTheWay: number; clients: number }) =>
      `when the record ends, ${count(onTheWay, 'client')} of ${clients} had been offline only for a moment`,
    onTheWaySettle: 'Hold the run for some seconds after the last move.',
    held: ({ connected, away, sum }: { connected: number; away: number; sum?: Sum }) =>
      `All ${connected} clients that come back were connected at the end${away > 0 ? `, ${away} stay away by plan` : ''}${sum === undefined ? '; no scrapes to compare' : `, and ${sum.metric} added up ${howOften(sum)}`}.`,
    measuredStray: ({ value, clients }: { value: number; clients: number }) =>
      `a sum of ${value} for ${count(clients, 'client')}`,
    stray: (v: { metric: string; value: number; at: Moment; low: number; high: number }) =>
      `${v.metric} of all nodes added up to ${v.value} ${when(v.at)}; moving clients explain ${Math.ceil(v.low)} to ${Math.floor(v.high)}.`,
    allNodes: 'all nodes',
    measuredNothing: 'no clients, no scrapes',
    measuredHoles: ({ holes }: { holes: number }) => `${holes} moments without a sum`,
    noSums: 'the record has no clients, and gauges of some nodes are missing',
    noSumsSettle: 'Use a record with client events, or scrape all nodes without gaps.',
    measuredSums: ({ least, most }: { least: number; most: number }) => `${least} to ${most}`,
    heldSums: ({ sum, clients }: { sum: Sum & { least: number; most: number }; clients: number }) =>
      `${sum.metric} of all nodes added up to ${sum.least} to ${sum.most}, for ${count(clients, 'client')}, ${howOften(sum)}.`,
  },
}

export interface Sum {
  metric: string
  readings: number
  holes: number
}

function howOften({ readings, holes }: Sum): string {
  return holes === 0 ? 'throughout' : `at each of ${readings} moments (at ${holes} more the sum is unknown)`
}

type Codes = readonly (readonly [code: number, times: number])[]

const byCode = (codes: Codes) => codes.map(([code, times]) => `${times} × ${connackReason(code)}`).join(', ')

/** "0x9C (use another server)", "code 3 (server unavailable)". */
function connackReason(code: number): string {
  const shown =
    code < 0 ? 'without a code' : code < 128 ? `code ${code}` : `0x${code.toString(16).toUpperCase()}`
  const words = MQTT_CODE_WORDS[code]
  return words === undefined ? shown : `${shown} (${words})`
}
