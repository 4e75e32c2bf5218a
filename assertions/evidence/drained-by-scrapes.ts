import type { RunView } from '#weir/record/view/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'
import { DRAINED_BOUND } from './bound-texts.ts'
import { type Gauge, gaugesOf } from './gauges.ts'
import { askedOf } from './requested.ts'
import { takeoverSeconds } from './tracks.ts'
import { atTrigger, count, SECOND, shortName } from './wording.ts'

/** A last gauge is all that is known of a pod: for recordings of which nothing but scrapes is left. */
export function drainedByScrapes(run: RunView, noise: number): AssertionResult {
  const interval = run.parameters.scrapeIntervalSeconds * SECOND
  const ended = gaugesOf(run, 'old').filter(
    (gauge) => (gauge.samples.at(-1)?.t ?? 0) + 1.5 * interval < run.moments.end,
  )
  if (ended.length === 0)
    return unknown({
      bound: DRAINED_BOUND,
      measured: 'unknown',
      why: 'no pod is seen to end',
      settle: 'a record that goes on until the old pods are deleted',
    })
  const said = ended.map((gauge) => examine(run, gauge, noise))
  return (
    said.find(({ outcome }) => outcome === 'fail') ??
    said.find(({ outcome }) => outcome === 'inconclusive') ??
    pass({
      bound: DRAINED_BOUND,
      measured: `${count(ended.length, 'series', 'series')} ended with 0 connections`,
      sentence: `${count(ended.length, 'old node')} had no connection left when last scraped (sessions without a client do not show in ${ended[0]?.metric}).`,
      evidence: said.flatMap((one) => one.evidence),
      figures: { podsDeleted: ended.length, metric: ended[0]?.metric ?? '' },
    })
  )
}

function examine(run: RunView, gauge: Gauge, noise: number): AssertionResult {
  const last = gauge.samples.at(-1)
  const name = shortName(run, gauge.node)
  if (!last) throw new Error('a gauge without samples')
  const seen = [evidence('metrics.ndjson', last.t, last.t, `last ${gauge.metric} of ${name}`)]
  const parts = { bound: DRAINED_BOUND, measured: `${name}: ${last.value}`, evidence: seen }
  if (last.value <= noise) return pass({ ...parts, sentence: `${name} was empty.` })
  const needed = last.value / askedOf(run).connEvictRate + 1 + takeoverSeconds(run)
  const spare = run.parameters.scrapeIntervalSeconds
  if (needed > spare)
    return fail({
      ...parts,
      sentence: `${name} was gone with ${count(last.value, 'connection')} on it ${atTrigger(run, last.t)}: moving them and waiting for their sessions takes ${needed.toFixed(0)} s, and at the next scrape, ${spare} s later, there was no pod.`,
      figures: { connectionsLeft: last.value, metric: gauge.metric },
    })
  return unknown({
    ...parts,
    why: `${name} was last scraped with ${count(last.value, 'connection')}, which may have gone before the pod did`,
    settle: 'shorter scrape intervals, or samples of the evacuation status',
  })
}
