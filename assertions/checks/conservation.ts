import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { endState, ghosts, unlisted } from '../evidence/end-state-clients.ts'
import { judgedSpan } from '../evidence/span.ts'
import { type SumVerdict, sumConserved } from '../evidence/sum-conserved.ts'
import { clientId, moment, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.conservation
const { shared } = MESSAGES

/** A client that is away by plan is not lost; its parked session is no client (docs/contract/upgrade.md#nobody-lost). */
export const conservation: Check<'conservation'> = (run, bounds) => {
  const { clients } = run.parameters
  const bound = text.bound({ clients })
  const sum = sumConserved(run, bounds)
  if (run.connections.length === 0) return bySums(run, sum, bound)
  const state = endState(run, bounds)
  const doubles = ghosts(run, bounds)
  const missing = unlisted(run, bounds)
  const figures = {
    clients,
    connectedAtEnd: state.connected,
    awayByPlan: state.away,
    lost: state.lost.length,
    mostLost: 0,
    neverConnected: state.neverConnected.length,
    onTheWay: state.onTheWay.length,
    gaveUp: state.gaveUp,
    listedTwice: doubles.length,
    unlisted: missing?.length ?? null,
    ...sumFigures(sum),
  }
  const measured = text.measured({ connected: state.connected, away: state.away, lost: state.lost.length })
  const seen = [evidence('clients.arrow', judgedSpan(run).fromT, state.t, text.seen)]
  const wrong = { bound, measured, figures, evidence: seen }
  const idOf = (client: number) => clientId(run, client)
  if (state.lost.length > 0) {
    const [first] = state.lost
    const { client, row } = first!
    const fromT = run.connections.to[row]!
    return fail({
      ...wrong,
      sentence: text.lost({
        lost: state.lost.length,
        clients,
        client: idOf(client),
        node: shortName(run, run.connections.node[row]!),
        at: moment(run, fromT),
        goneNs: state.t - fromT,
      }),
      evidence: [
        evidence('clients.arrow', fromT, state.t, shared.eventsOf({ client: idOf(client) })),
        ...seen,
      ],
      figures: { ...figures, firstLost: idOf(client) },
    })
  }
  if (doubles.length > 0) {
    const [first] = doubles
    const names = text.nodes({ nodes: first!.nodes.map((node) => shortName(run, node)) })
    return fail({
      ...wrong,
      sentence: text.twice({
        clients: doubles.length,
        nodes: names,
        client: idOf(first!.client),
        at: moment(run, first!.fromT),
      }),
      evidence: [evidence('events.ndjson', first!.fromT, state.t, text.listingsSeen({ nodes: names }))],
      figures: { ...figures, firstTwice: idOf(first!.client) },
    })
  }
  if (missing !== undefined && missing.length > 0)
    return fail({
      ...wrong,
      sentence: text.unlisted({ missing: missing.length, clients, client: idOf(missing[0]!) }),
      evidence: [evidence('events.ndjson', run.moments.changeDone ?? 0, state.t, text.lastListingsSeen)],
    })
  if (state.neverConnected.length > 0 && run.moments.trigger !== undefined)
    return fail({
      ...wrong,
      sentence: text.neverConnected({
        missing: state.neverConnected.length,
        clients,
        client: idOf(state.neverConnected[0]!),
      }),
    })
  if (sum?.stray !== undefined) return strayed(run, sum, wrong)
  if (state.onTheWay.length > 0 || clients !== state.connected + state.away)
    return unknown({
      ...wrong,
      why: text.onTheWay({ onTheWay: state.onTheWay.length, clients }),
      settle: text.onTheWaySettle,
    })

  return pass({
    ...wrong,
    sentence: text.held({ connected: state.connected, away: state.away, sum }),
  })
}

function sumFigures(sum: SumVerdict | undefined): AssertionResult['figures'] {
  if (sum === undefined) return { sumMetric: null }
  return {
    sumMetric: sum.metric,
    leastSum: sum.least,
    mostSum: sum.most,
    sums: sum.readings,
    sumHoles: sum.holes,
  }
}

function strayed(
  run: RunView,
  sum: SumVerdict,
  parts: { bound: string; figures: AssertionResult['figures'] },
): AssertionResult {
  const { fromT, t, value, low, high } = sum.stray!
  return fail({
    ...parts,
    measured: text.measuredStray({ value, clients: run.parameters.clients }),
    sentence: text.stray({ metric: sum.metric, value, at: moment(run, t), low, high }),
    evidence: [
      evidence(
        'metrics.ndjson',
        Math.min(fromT, t - 5e9),
        t,
        shared.gaugeOf({ metric: sum.metric, node: text.allNodes }),
      ),
    ],
  })
}

/** A record of scrapes alone. */
function bySums(run: RunView, sum: SumVerdict | undefined, bound: string): AssertionResult {
  if (sum === undefined || sum.holes > 0.05 * (sum.readings + sum.holes))
    return unknown({
      bound,
      measured: sum === undefined ? text.measuredNothing : text.measuredHoles(sum),
      why: text.noSums,
      settle: text.noSumsSettle,
      figures: sumFigures(sum),
    })
  if (sum.stray !== undefined) return strayed(run, sum, { bound, figures: sumFigures(sum) })
  return pass({
    bound,
    measured: text.measuredSums(sum),
    sentence: text.heldSums({ sum, clients: run.parameters.clients }),
    evidence: [evidence('metrics.ndjson', judgedSpan(run).fromT, judgedSpan(run).toT, sum.metric)],
    figures: sumFigures(sum),
  })
}
