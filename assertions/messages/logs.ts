import { type Moment, seconds } from '../evidence/wording.ts'
import { count, when } from './english.ts'

/** What EMQX's own log adds to a finding, and the assertion on the log itself. */
export const logs = {
  logs: {
    seen: "evictions by EMQX's own log",
    within: (v: { ticks: number; nodes: number; isFail: boolean }) =>
      `EMQX's own log ${v.isFail ? 'shows evictions within the rate only' : 'shows the same'}: ${count(v.ticks, 'tick')} of ${count(v.nodes, 'node')}.`,
    alsoOver: (v: { node: string; clients: number; ns: number }) =>
      `EMQX's own log of ${v.node} shows it too: ${count(v.clients, 'client')} within ${seconds(v.ns)}.`,
    contradicts: (v: { node: string; clients: number; ns: number; sentence: string }) =>
      `the clients and EMQX's own log disagree: by the log of ${v.node} ${count(v.clients, 'client')} went within ${seconds(v.ns)}, more than the rate allows. By the clients: ${v.sentence}`,
    contradictsSettle: "Compare the log's lines (weir ops logs RUN --text evict_conns) with EMQX's status.",
  },
  'log-truth': {
    bound: (v: { rate: number; tolerance: number }) =>
      `each evacuation logged at ${v.rate} per second, each count within ${v.tolerance} of its clients`,
    refused: ({ why }: { why: string }) => `weir may not read EMQX's logs (${why})`,
    refusedSettle: 'Grant get on pods/log, e.g. with deploy/rbac.yaml.',
    noLogs: "the record has no logs of EMQX's",
    noLogsSettle: 'Run it with observe.logMiB above 0.',
    torn: ({ what }: { what: string }) => `logs.ndjson is damaged: ${what}`,
    noEvacuation: 'EMQX evacuated no node',
    silent: ({ node }: { node: string }) =>
      `${node} was evacuated, and its log says nothing of it: its level may be above warning, or its log not go to the console`,
    silentSettle: 'Have EMQX log to the console, at the level warning or below.',
    gaps: ({ node }: { node: string }) => `lines of ${node} may be missing, or were left out`,
    gapsSettle: 'Rerun with a larger observe.logMiB, and see the gaps in logs.ndjson.',
    setBack: ({ node }: { node: string }) =>
      `the clock of ${node} was set back during its evacuation, so its log does not say how fast clients went`,
    setBackSettle: 'Rerun with clocks that are not set.',
    measured: (v: { ticks: number; nodes: number }) =>
      `${count(v.ticks, 'tick')} of ${count(v.nodes, 'node')}`,
    measuredRate: ({ rate }: { rate: number }) => `${rate} per second, as logged`,
    otherRate: (v: { node: string; rate: number; wanted: number; at: Moment }) =>
      `The log of ${v.node} says conn_evict_rate ${v.rate} ${when(v.at)}, and ${v.wanted} is configured.`,
    measuredLate: ({ ns }: { ns: number }) => `after ${seconds(ns)}`,
    late: (v: { node: string; ns: number; seconds: number }) =>
      `The log of ${v.node} shows its evictions ${seconds(v.ns)} after EMQX's status did, later than ${v.seconds} s.`,
    measuredBurst: ({ burst }: { burst: number }) => `${burst} ahead of the rate`,
    burst: (v: { node: string; clients: number; ns: number; rate: number }) =>
      `By the log of ${v.node} ${count(v.clients, 'client')} went within ${seconds(v.ns)}, more than ${v.rate} per second allow.`,
    measuredCount: ({ count: logged }: { count: number }) => `${logged} clients, as logged`,
    count: (v: { node: string; count: number; least: number; most: number; at: Moment }) =>
      `The log of ${v.node} says ${count(v.count, 'client')} ${when(v.at)}, and by the clients themselves there were ${v.least === v.most ? v.least : `${v.least} to ${v.most}`}.`,
    held: (v: { ticks: number; nodes: number; rate: number }) =>
      `${count(v.nodes, 'node')} logged ${count(v.ticks, 'tick')} of evictions at ${v.rate} per second, each with as many clients as were connected.`,
    seen: "evictions by EMQX's own log",
    clientsSeen: 'clients at that moment',
  },
}
