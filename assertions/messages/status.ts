import { type Moment, seconds } from '../evidence/wording.ts'
import { count, when } from './english.ts'

/** Messages of the assertions of facts/assertions/outcome.ts that hold reported states against what happened. */
export const status = {
  'status-truth': {
    bound: ({ lateNs }: { lateNs: number }) =>
      `never settled before the last old node is empty and being removed, at most ${seconds(lateNs)} after`,
    noResource: 'the record has no event of the resource',
    noResourceSettle: 'Watch the resource during the run.',
    nothingMoved: 'no client was moved',
    nodeWithClients: ({ node, clients }: { node: string; clients: number }) =>
      `${node} with ${count(clients, 'client')}`,
    measuredEarly: ({ ns }: { ns: number | undefined }) =>
      ns === undefined ? 'settled, never done' : `${seconds(ns)} early`,
    early: ({ at, left, ns }: { at: Moment; left: string[]; ns: number | undefined }) =>
      `The resource reported that it was settled ${when(at)}, while ${left.join(', ') || 'old nodes'} still had to be moved, ${ns === undefined ? 'which never happened' : `${seconds(ns)} before the last of them was done`}.`,
    neverDone: 'the old nodes were not all done when the record ends',
    measuredNever: 'never settled',
    measured: ({ ns }: { ns: number }) => `settled ${seconds(ns)} after`,
    measuredLate: ({ ns }: { ns: number }) => `settled ${seconds(ns)} after the last old pod was gone`,
    blind: 'the watch of the resource was lost about then',
    doneUnreported: 'the upgrade was marked as done, but no status of the resource reports it',
    neverUnsettled: 'the resource reported throughout a short move that it was settled',
    late: ({ ns }: { ns: number }) =>
      `The resource reported that it was settled only ${seconds(ns)} after the last old pod was gone.`,
    never: ({ ns }: { ns: number }) =>
      `The last old pod had been gone for ${seconds(ns)}, and the resource never reported that it was settled.`,
    tooShort: ({ ns }: { ns: number }) => `the record ends ${seconds(ns)} after the last old pod was gone`,
    tooShortSettle: 'Hold the run for longer.',
    held: ({ ns }: { ns: number }) =>
      `The resource reported that it was settled ${seconds(ns)} after the last old node was done, and not before.`,
    measuredCount: ({ reported, low, high }: { reported: number; low: number; high: number }) =>
      `${reported} reported, ${low} to ${high} true`,
    wrongCount: (v: { at: Moment; node: string; reported: number; low: number; high: number; ns: number }) =>
      `The resource reported ${when(v.at)} that ${v.node} had ${v.reported} connections; EMQX counted ${v.low} to ${v.high} in the ${seconds(v.ns)} before.`,
    countsSeen: ({ node }: { node: string }) => `counts of ${node}`,
  },
  'status-shape': {
    bound:
      'old nodes only, at the configured rates, sessions to exactly the new set, counts that only go down',
    none: 'neither the resource nor EMQX ever reported an evacuation',
    measured: ({ evacuations }: { evacuations: number }) =>
      `${count(evacuations, 'evacuation')} as requested`,
    held: ({ evacuations, reports }: { evacuations: number; reports: number }) =>
      `${count(evacuations, 'evacuation')} reported ${reports} times, always as requested.`,
    wrong: ({
      source,
      node,
      at,
      why,
    }: {
      source: 'resource' | 'emqx'
      node: string
      at: Moment
      why: string
    }) =>
      `${source === 'emqx' ? 'EMQX' : 'The resource'} reports of the evacuation of ${node}, ${when(at)}: ${why}.`,
    evacuationSeen: ({ node }: { node: string }) => `evacuation of ${node}`,
    newNode: 'a node of the new set is evacuated',
    connectionRate: ({ rate, requested }: { rate: number; requested: number }) =>
      `its connection eviction rate is ${rate}, but ${requested} was requested`,
    sessionRate: ({ rate, requested }: { rate: number; requested: number }) =>
      `its session eviction rate is ${rate}, but ${requested} was requested`,
    strangers: ({ nodes }: { nodes: string[] }) =>
      `its sessions are to go to ${nodes.join(', ')}, not to the new set`,
    fewRecipients: ({ recipients, nodes }: { recipients: number; nodes: number }) =>
      `its sessions are to go to ${recipients} of the ${nodes} new nodes`,
    doneWithRest: ({ connections, sessions }: { connections: number; sessions: number }) =>
      `it is done (prohibiting) with ${connections} connections and ${sessions} sessions left`,
    aboveInitial: ({ connections, initial }: { connections: number; initial: number }) =>
      `it has ${connections} connections of ${initial} at the start`,
    grown: ({ from, to }: { from: number; to: number }) => `its connections went up from ${from} to ${to}`,
    measuredInitial: ({ initial, held }: { initial: number; held: number }) =>
      `initial_connected ${initial}, ${held} connected`,
    wrongInitial: ({
      node,
      initial,
      low,
      high,
    }: {
      node: string
      initial: number
      low: number
      high: number
    }) =>
      `EMQX reports that ${node} had ${initial} connections when its evacuation began; ${low === high ? high : `${low} to ${high}`} clients were connected to it.`,
    firstSampleSeen: 'first sample of the evacuation',
  },
}
