import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { endState, ghosts, unlisted } from '../evidence/end-state-clients.ts'
import { judgedSpan } from '../evidence/span.ts'
import { type SumVerdict, sumConserved } from '../evidence/sum-conserved.ts'
import { atTrigger, count, seconds, shortName } from '../evidence/wording.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** A client that stays away by plan (`away`) is neither lost nor kept; its parked session is no client. */
export const conservation: Check<'conservation'> = (run, bounds) => {
  const { clients } = run.parameters
  const bound = `${clients} clients at the end, each once; the sum of gauges within what was offline`
  const sum = sumConserved(run, bounds)
  if (run.connections.length === 0) return bySums(run, sum, bound)
  const state = endState(run, bounds)
  const doubles = ghosts(run, bounds)
  const missing = unlisted(run)
  const figures = {
    clients,
    connectedAtEnd: state.connected,
    awayByPlan: state.away,
    lost: state.lost.length,
    neverConnected: state.neverConnected.length,
    onTheWay: state.onTheWay.length,
    gaveUp: state.gaveUp,
    listedTwice: doubles.length,
    unlisted: missing?.length ?? null,
    ...sumFigures(sum),
  }
  const measured = `${state.connected} connected, ${state.away} away by plan, ${state.lost.length} lost`
  const seen = [evidence('clients.arrow', judgedSpan(run).fromT, state.t, 'connections until the end state')]
  const wrong = { bound, measured, figures, evidence: seen }
  const idOf = (client: number) => run.record.fleet.ids[client] ?? String(client)
  if (state.lost.length > 0) {
    const [first] = state.lost
    const row = lastRow(run, first!)
    const fromT = run.connections.to[row]!
    return fail({
      ...wrong,
      sentence: `${count(state.lost.length, 'client')} of ${clients} never came back: ${idOf(first!)} lost its connection to ${shortName(run, run.connections.node[row]!)} ${atTrigger(run, fromT)} and was still gone ${seconds(state.t - fromT)} later.`,
      evidence: [evidence('clients.arrow', fromT, state.t, `client ${idOf(first!)}`), ...seen],
      figures: { ...figures, firstLost: idOf(first!) },
    })
  }
  if (doubles.length > 0) {
    const [first] = doubles
    const names = first!.nodes.map((node) => shortName(run, node)).join(' and ')
    return fail({
      ...wrong,
      sentence: `${count(doubles.length, 'client')} ${doubles.length === 1 ? 'is' : 'are'} listed as connected by two nodes at once: ${names} both go on listing ${idOf(first!.client)}, which connected ${atTrigger(run, first!.fromT)}.`,
      evidence: [evidence('events.ndjson', first!.fromT, state.t, `listings of ${names}`)],
      figures: { ...figures, firstTwice: idOf(first!.client) },
    })
  }
  if (missing !== undefined && missing.length > 0)
    return fail({
      ...wrong,
      sentence: `${count(missing.length, 'client')} of ${clients} ${missing.length === 1 ? 'holds' : 'hold'} a connection that no node lists, ${idOf(missing[0]!)} among them.`,
      evidence: [
        evidence('events.ndjson', run.moments.upgradeDone ?? 0, state.t, 'last listings of all nodes'),
      ],
    })
  if (state.neverConnected.length > 0 && run.moments.trigger !== undefined)
    return fail({
      ...wrong,
      sentence: `${count(state.neverConnected.length, 'client')} of ${clients} never connected at all, ${idOf(state.neverConnected[0]!)} among them.`,
    })
  if (sum?.stray !== undefined) return strayed(run, sum, wrong)
  if (state.onTheWay.length > 0 || clients !== state.connected + state.away)
    return unknown({
      ...wrong,
      why: `when the record ends, ${count(state.onTheWay.length, 'client')} of ${clients} had been offline for a moment only`,
      settle: 'a run that is held for some seconds after the last move',
    })
  const parked = state.away > 0 ? `, ${state.away} stay away by plan` : ''
  return pass({
    ...wrong,
    sentence: `All ${state.connected} clients that come back were connected at the end${parked}${sum === undefined ? '; no scrapes to compare' : `, and ${sum.metric} added up ${howOften(sum)}`}.`,
  })
}

function lastRow(run: RunView, client: number): number {
  return run.connections.firstOf[client + 1]! - 1
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

function howOften({ readings, holes }: SumVerdict): string {
  return holes === 0 ? 'throughout' : `at each of ${readings} moments (at ${holes} more no sum can be told)`
}

function strayed(
  run: RunView,
  sum: SumVerdict,
  parts: { bound: string; figures: AssertionResult['figures'] },
): AssertionResult {
  const { t, value, low, high } = sum.stray!
  return fail({
    ...parts,
    measured: `${value} of ${run.parameters.clients}`,
    sentence: `${sum.metric} of all nodes added up to ${value} ${atTrigger(run, t)}, where ${Math.ceil(low)} to ${Math.floor(high)} is what moving clients explain.`,
    evidence: [evidence('metrics.ndjson', t - 5e9, t, `${sum.metric} of all nodes`)],
  })
}

/** A record of scrapes alone. */
function bySums(run: RunView, sum: SumVerdict | undefined, bound: string): AssertionResult {
  if (sum === undefined || sum.holes > 0.05 * (sum.readings + sum.holes))
    return unknown({
      bound,
      measured: sum === undefined ? 'no clients, no scrapes' : `${sum.holes} moments without a sum`,
      why: 'the record has no clients, and gauges of some nodes are missing',
      settle: 'a record with client events, or scrapes of all nodes without a gap',
      figures: sumFigures(sum),
    })
  if (sum.stray !== undefined) return strayed(run, sum, { bound, figures: sumFigures(sum) })
  return pass({
    bound,
    measured: `${sum.least} to ${sum.most}`,
    sentence: `${sum.metric} of all nodes added up to ${sum.least} to ${sum.most} of ${run.parameters.clients} ${howOften(sum)}.`,
    evidence: [evidence('metrics.ndjson', judgedSpan(run).fromT, judgedSpan(run).toT, sum.metric)],
    figures: sumFigures(sum),
  })
}
