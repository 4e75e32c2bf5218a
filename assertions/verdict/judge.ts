import { type AssertionId, type AssertRequest, definitionOf, isAssertionId } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { compareDeviations, labelDeviations } from '../deviations/index.ts'
import { CHECKS } from '../registry.ts'
import { contradiction } from './contradiction.ts'
import {
  downgradeIfContradicted,
  downgradeIfCut,
  downgradeIfTorn,
  downgradeIfUnchanged,
  downgradeIfUnhealthy,
} from './downgrade.ts'
import { headlineOf } from './headline.ts'
import { type Repaired, repaired } from './repaired-history.ts'
import { upToTruncation } from './truncation.ts'
import type { Finding, Outcome, Verdict } from './verdict.ts'

export interface JudgeOptions {
  /** Judge these instead of what the manifest asks for. */
  asserts?: readonly AssertRequest[]
}

/**
 * What a record proves: a pure function, the same to the byte for the same record. Never throws for what is in a
 * record: an assertion that fails to compute is inconclusive and says why.
 */
export function judge(record: RunRecord, options: JudgeOptions = {}): Verdict {
  const asserts = options.asserts ?? record.manifest.asserts
  const view = attempt(() => viewOf(upToTruncation(record)))
  const found = asserts.map((request) => examine(view, request))
  const findings = view.value ? settled(view.value, found, asserts) : found
  const deviations = view.value ? compareDeviations(record.manifest.knownDeviations, findings) : undefined
  return {
    format: 1,
    weir: record.manifest.weir,
    scenario: record.manifest.scenario.name,
    outcome: worstOf(findings.map((finding) => finding.outcome)),
    headline: headlineOf(view.value, findings, deviations),
    findings,
    ...(deviations && { deviations }),
  }
}

/** Fail outweighs inconclusive outweighs pass; nothing asserted is nothing proved. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('fail')) return 'fail'
  if (outcomes.length === 0 || outcomes.includes('inconclusive')) return 'inconclusive'
  return 'pass'
}

function settled(view: RunView, found: Finding[], asserts: readonly AssertRequest[]): Finding[] {
  const health = found.find((finding) => finding.id === 'harness-healthy') ?? unaskedHealth(view)
  const facts = attempt(() => contradiction(view)).value
  const whole = withRepairedHistories(view, found, asserts)
  return labelDeviations(
    view,
    whole
      .map((finding) => downgradeIfContradicted(finding, facts))
      .map((finding) => downgradeIfUnhealthy(finding, health))
      .map((finding) => downgradeIfCut(view, finding))
      .map((finding) => downgradeIfUnchanged(view, finding)),
  )
}

/** Failures are looked at again with the rows put back that the clients' histories lack; only then, for it takes long. */
function withRepairedHistories(
  view: RunView,
  found: Finding[],
  asserts: readonly AssertRequest[],
): Finding[] {
  if (!found.some((finding) => finding.outcome === 'fail')) return found
  const whole: Repaired | undefined = attempt(() => repaired(view.record)).value
  if (!whole) return found
  const again = attempt(() => viewOf(whole.record))
  return found.map((finding, i) => {
    const request = asserts[i]
    if (finding.outcome !== 'fail' || !request) return finding
    return downgradeIfTorn(finding, examine(again, request), whole)
  })
}

/** A record with health samples is held to them even when the scenario did not ask for the assertion itself. */
function unaskedHealth(view: RunView): Finding | undefined {
  if (view.of('health').length === 0) return undefined
  return examine({ value: view }, { id: 'harness-healthy' })
}

function examine(view: Attempt<RunView>, { id, bounds }: AssertRequest): Finding {
  if (!isAssertionId(id))
    return unknown(id, id, 'no assertion has this id', 'judge it with the weir that made the record')
  const { title, bounds: known } = definitionOf(id)
  const settle = 'a complete record; if this one is complete, it is a defect of weir: please report it'
  const { value } = view
  if (!value) return unknown(id, title, `the record cannot be read as a run: ${view.error}`, settle)
  const defaults = Object.entries(known).map(([name, bound]) => [name, bound.default] as const)
  const check = CHECKS[id] as Check<AssertionId>
  const answer = attempt(() => check(value, { ...Object.fromEntries(defaults), ...bounds }))
  if (!answer.value) return unknown(id, title, `it could not be computed: ${answer.error}`, settle)
  return { id, title, ...answer.value }
}

interface Attempt<T> {
  value?: T
  error?: string
}

function attempt<T>(compute: () => T): Attempt<T> {
  try {
    return { value: compute() }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

const unknown = (id: string, title: string, why: string, settle: string): Finding => ({
  id,
  title,
  outcome: 'inconclusive',
  bound: '',
  measured: 'unknown',
  sentence: `Inconclusive: ${why}.`,
  settle,
  evidence: [],
  figures: {},
})
