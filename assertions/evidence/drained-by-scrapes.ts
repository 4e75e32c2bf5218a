import type { RunView } from '#weir/record/view/index.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'
import { type Gauge, gaugesOf } from './gauges.ts'
import { askedOf } from './requested.ts'
import { takeoverSeconds } from './tracks.ts'
import { moment, SECOND, shortName } from './wording.ts'

const text = MESSAGES['drained-before-delete']
const { settle, shared } = MESSAGES

/** A last gauge is all that is known of a pod: for recordings of which nothing but scrapes is left. */
export function drainedByScrapes(run: RunView, noise: number): AssertionResult {
  const interval = run.parameters.scrapeIntervalSeconds * SECOND
  const ended = gaugesOf(run, 'old').filter(
    (gauge) => (gauge.samples.at(-1)?.t ?? 0) + 1.5 * interval < run.moments.end,
  )
  if (ended.length === 0)
    return unknown({
      bound: text.bound,
      measured: shared.unknown,
      why: text.noEnd,
      settle: settle.podsDeleted,
    })
  const results = ended.map((gauge) => examine(run, gauge, noise))
  return (
    results.find(({ outcome }) => outcome === 'fail') ??
    results.find(({ outcome }) => outcome === 'inconclusive') ??
    pass({
      bound: text.bound,
      measured: text.measuredSeries({ series: ended.length }),
      sentence: text.heldByScrapes({ nodes: ended.length, metric: ended[0]?.metric ?? '' }),
      evidence: results.flatMap((one) => one.evidence),
      figures: { podsDeleted: ended.length, metric: ended[0]?.metric ?? '' },
    })
  )
}

function examine(run: RunView, gauge: Gauge, noise: number): AssertionResult {
  const last = gauge.samples.at(-1)
  const name = shortName(run, gauge.node)
  if (!last) throw new Error('a gauge without samples')
  const seen = [
    evidence('metrics.ndjson', last.t, last.t, text.lastGaugeSeen({ metric: gauge.metric, node: name })),
  ]
  const parts = {
    bound: text.bound,
    measured: text.measuredCount({ node: name, connections: last.value }),
    evidence: seen,
  }
  if (last.value <= noise) return pass({ ...parts, sentence: text.empty({ node: name }) })
  const needed = last.value / askedOf(run).connEvictRate + 1 + takeoverSeconds(run)
  const spare = run.parameters.scrapeIntervalSeconds
  if (needed > spare)
    return fail({
      ...parts,
      sentence: text.goneTooSoon({
        node: name,
        connections: last.value,
        at: moment(run, last.t),
        needed,
        spare,
      }),
      figures: { connectionsLeft: last.value, metric: gauge.metric },
    })
  return unknown({
    ...parts,
    why: text.mayHaveLeftScrape({ node: name, connections: last.value }),
    settle: settle.shortSample,
  })
}
