import { messageOf } from '#weir/errors/index.ts'
import {
  type AssertionId,
  type AssertRequest,
  definitionOf,
  isAssertionId,
  titleOf,
} from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { lostPods, type RunView, viewOf } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { compareDeviations, labelDeviations } from '../deviations/index.ts'
import { rowsEndedByRun } from '../evidence/ended-by-run.ts'
import { gaugeDisagreement } from '../evidence/gauge-disagreement.ts'
import { withoutEnds } from '../evidence/without-ends.ts'
import { figuresOf } from '../figures/index.ts'
import { MESSAGES } from '../messages/index.ts'
import { CHECKS } from '../registry.ts'
import { causesOf } from './causes/index.ts'
import { changeWindow } from './change-window.ts'
import { byPrometheusAlone, compared, inPrometheusFile, withoutPrometheus } from './compared.ts'
import { contradiction } from './contradiction.ts'
import {
  downgradeForLoss,
  downgradeIfContradicted,
  downgradeIfCut,
  downgradeIfReadOtherwise,
  downgradeIfStalled,
  downgradeIfTorn,
  downgradeIfUnchanged,
  downgradeIfUnhealthy,
  downgradeIfUnsaid,
  downgradeIfUnscraped,
  trimmed,
} from './downgrade.ts'
import { unknown } from './finding.ts'
import { headlineOf } from './headline.ts'
import { withLogWitness } from './log-witness.ts'
import { lossWords, needsFleet, upToLoss, withClientsGone } from './lost-pods.ts'
import { upToOwnEnding } from './own-ending.ts'
import { readingsOf } from './readings.ts'
import { type Repaired, repaired } from './repaired-history.ts'
import { blindSource, ownSource, prometheusSource, whyUnread } from './sources.ts'
import { upToTruncation } from './truncation.ts'
import type { Finding, Outcome, Verdict } from './verdict.ts'

const text = MESSAGES.verdict

export interface JudgeOptions {
  /** Judge these instead of what the manifest asks for. */
  asserts?: readonly AssertRequest[]
}

/**
 * What a record proves: a pure function, the same to the byte for the same record. Never throws for what is in a
 * record: an assertion that fails to compute is inconclusive, with the reason.
 */
export function judge(record: RunRecord, options: JudgeOptions = {}): Verdict {
  const asserts = options.asserts ?? record.manifest.asserts
  const { view, findings } = ofFleet(record, asserts)
  const deviations = view ? compareDeviations(record.manifest, findings) : undefined
  const bounds = new Map(asserts.map((request) => [request.id, request.bounds]))
  const health = view && healthOf(view, asserts)
  const again = (run: RunView, id: string) =>
    downgradeIfSlow(run, examine({ value: run }, { id, bounds: bounds.get(id) }), health ?? {})
  const causes = view ? (attempt(() => causesOf({ run: view, findings, again })).value ?? []) : []
  return {
    format: 1,
    weir: record.manifest.weir,
    scenario: record.manifest.scenario.name,
    outcome: worstOf(findings.map((finding) => finding.outcome)),
    headline: headlineOf(view, { findings, deviations, causes }),
    figures: figuresOf(view, findings, (id) => examine({ value: view! }, { id })),
    causes,
    findings,
    ...(deviations && { deviations }),
  }
}

interface Judged {
  view: RunView | undefined
  findings: Finding[]
}

/** By all sources of gauges that there are. */
const ofAll = (record: RunRecord, asserts: readonly AssertRequest[]): Judged =>
  record.prometheus ? ofBoth(record, asserts) : ofOne(record, asserts)

/**
 * Of a fleet in pods that lost some of them: what needs its clients is judged as far as all of them were known, and never passes by that.
 * What does not need them is judged to the end, if it is the same whether the clients that are unknown stayed or left.
 */
function ofFleet(record: RunRecord, asserts: readonly AssertRequest[]): Judged {
  const lost = lostPods(record)
  const whole = ofAll(record, asserts)
  const { view } = whole
  if (!lost[0] || !view) return whole
  const losses = lossWords(view)
  const cut = upToLoss(record, lost[0])
  const known = ofAll(cut, asserts)
  const before = viewToJudge(cut)
  const gone = ofAll(withClientsGone(record, lost), asserts)
  return withFindings(whole, (finding, i) => {
    const [request, early] = [asserts[i], known.findings[i]]
    if (!needsFleet(finding.id) || !request || !early)
      return gone.findings[i]?.outcome === finding.outcome
        ? finding
        : downgradeForLoss(finding, text.eitherWay({ losses, sentence: trimmed(finding) }))
    if (early.outcome === 'fail') return early
    const so = examine(before, request)
    const until = so.outcome === 'pass' ? trimmed(so) : undefined
    return downgradeForLoss(so, text.untilLost({ losses, sentence: until }))
  })
}

/** By the record's `scrapes`, whoever made them. */
function ofOne(record: RunRecord, asserts: readonly AssertRequest[]): Judged {
  const view = viewToJudge(record)
  const found = asserts.map((request) => examine(view, request))
  const { value } = view
  if (!value) return { view: value, findings: found }
  return { view: value, findings: settled(value, found, asserts).map((one) => withLogWitness(value, one)) }
}

const viewToJudge = (record: RunRecord) =>
  attempt(() => withoutOwnDoing(viewOf(changeWindow(upToOwnEnding(upToTruncation(record))))))

/** What the run did to clients itself, by ending their node, shows nothing of the cluster. */
function withoutOwnDoing(run: RunView): RunView {
  const rows = rowsEndedByRun(run)
  return rows.size === 0 ? run : withoutEnds(run, rows)
}

/** By weir's own scrapes and by those of a Prometheus, whichever there are. */
function ofBoth(record: RunRecord, asserts: readonly AssertRequest[]): Judged {
  const prometheus = prometheusSource(record)
  const hasOwn = record.scrapes.some(({ ok }) => ok)
  const own = ofOne(ownSource(record), asserts)
  if (!prometheus) {
    const why = whyUnread(record)
    return withFindings(own, (one) => (readsGauges(one) ? withoutPrometheus(one, why, !hasOwn) : one))
  }
  const rests = restingOnGauges([ownSource(record), prometheus], asserts)
  const other = ofOne(prometheus, asserts)
  const sources = {
    own: { every: intervalOf(own), scrapes: record.scrapes },
    other: { every: intervalOf(other), scrapes: prometheus.scrapes },
  }
  const named = withFindings(other, inPrometheusFile)
  if (!hasOwn)
    return withFindings(named, (one, i) => (rests[i] ? byPrometheusAlone(one, sources.other.every) : one))
  const disagreement = own.view && other.view && gaugeDisagreement(own.view, other.view)
  return withFindings(own, (one, i) => {
    const again = named.findings[i]
    return rests[i] && again ? compared(one, again, sources, disagreement) : one
  })
}

const intervalOf = ({ view }: Judged) =>
  view?.record.manifest.parameters?.scrapeIntervalSeconds ?? Number.POSITIVE_INFINITY

const withFindings = (
  { view, findings }: Judged,
  change: (finding: Finding, i: number) => Finding,
): Judged => ({
  view,
  findings: findings.map(change),
})

/** Which assertions read the gauges of a source: they are judged otherwise without them. What is said of weir itself is not meant. */
function restingOnGauges(sources: readonly RunRecord[], asserts: readonly AssertRequest[]): boolean[] {
  const views = sources.map((record) => [viewToJudge(record), viewToJudge(blindSource(record))] as const)
  const said = (view: Attempt<RunView>, request: AssertRequest) => JSON.stringify(examine(view, request))
  return asserts.map(
    (one) =>
      one.id !== 'harness-healthy' && views.some(([seeing, blind]) => said(seeing, one) !== said(blind, one)),
  )
}

/** Fail outweighs inconclusive outweighs pass; nothing asserted is nothing proved. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('fail')) return 'fail'
  if (outcomes.length === 0 || outcomes.includes('inconclusive')) return 'inconclusive'
  return 'pass'
}

function settled(view: RunView, found: Finding[], asserts: readonly AssertRequest[]): Finding[] {
  const health = healthOf(view, asserts)
  const facts = attempt(() => contradiction(view)).value
  const known = found.map((finding, i) => withKnownParameters(view, finding, asserts[i]))
  const whole = inEachReading(view, withRepairedHistories(view, known, asserts), asserts)
  return labelDeviations(
    view,
    whole
      .map((finding) => downgradeIfContradicted(finding, facts))
      .map((finding) => downgradeIfSlow(view, finding, health))
      .map((finding) => downgradeIfUnscraped(view, finding))
      .map((finding) => downgradeIfCut(view, finding))
      .map((finding) => downgradeIfUnchanged(view, finding)),
  )
}

/** No client waits longer before its first attempt. */
const LONGEST_WAIT_MS = 60_000

/**
 * What is held to a parameter that nobody configured or recorded is open. But what holds when clients are to come back at once, or
 * fails though they may take a minute, does so whatever their wait is.
 */
function withKnownParameters(view: RunView, finding: Finding, request: AssertRequest | undefined): Finding {
  const unknowns = view.hasParameters ? (view.parameters.unknown ?? []) : []
  const read = isAssertionId(finding.id) ? (definitionOf(finding.id).reads ?? []) : []
  const missing = unknowns.filter((name) => read.includes(name))
  if (missing.length === 0 || !request) return finding
  if (missing.length > 1 || missing[0] !== 'reconnect') return downgradeIfUnsaid(finding, missing)
  const after = (waitMs: number) => {
    const reconnect = { ...view.parameters.reconnect, minMs: waitMs, maxMs: waitMs }
    return examine({ value: { ...view, parameters: { ...view.parameters, reconnect } } }, request)
  }
  const atOnce = after(0)
  if (atOnce.outcome === 'pass') return atOnce
  const late = after(LONGEST_WAIT_MS)
  return late.outcome === 'fail' ? late : downgradeIfUnsaid(finding, missing)
}

/** Judges failures again in every other reading of the record. */
function inEachReading(view: RunView, found: Finding[], asserts: readonly AssertRequest[]): Finding[] {
  if (!found.some(({ outcome }) => outcome === 'fail')) return found
  const readings = attempt(() => readingsOf(view)).value ?? []
  return found.map((finding, i) => {
    const request = asserts[i]
    if (finding.outcome !== 'fail' || !request) return finding
    return readings
      .filter(
        ({ ofEvictions }) =>
          !ofEvictions || (isAssertionId(finding.id) && definitionOf(finding.id).countsEvictions),
      )
      .reduce((one, reading) => {
        const read = one.outcome === 'fail' ? attempt(reading.view) : {}
        return read.value ? downgradeIfReadOtherwise(one, examine(read, request), reading) : one
      }, finding)
  })
}

/** Judges failures again with the missing rows of the clients' histories filled in; only failures, since it takes long. */
function withRepairedHistories(
  view: RunView,
  found: Finding[],
  asserts: readonly AssertRequest[],
): Finding[] {
  if (!found.some((finding) => finding.outcome === 'fail')) return found
  const whole: Repaired | undefined = attempt(() => repaired(view.record)).value
  if (!whole) return found
  const again = attempt(() => withoutOwnDoing(viewOf(whole.record)))
  // Rows that were put back tell where clients were only roughly: no gauge is compared with them. Scrapes name nodes all the same.
  const unmeasured = whole.record.scrapes.map((scrape) => ({ ...scrape, metrics: {} }))
  const alone = attempt(() => withoutOwnDoing(viewOf({ ...whole.record, scrapes: unmeasured })))
  return found.map((finding, i) => {
    const request = asserts[i]
    if (finding.outcome !== 'fail' || !request) return finding
    const view = readsGauges(finding) ? again : alone
    return downgradeIfTorn(finding, examine(view, request), whole)
  })
}

/**
 * The state of the harness, and the same without its scrapes: scrapes that are missing say nothing about when clients' events were
 * recorded. A record with health samples is judged by them even when the scenario does not list the assertion.
 */
function healthOf(view: RunView, asserts: readonly AssertRequest[]): { all?: Finding; ownTime?: Finding } {
  const asked = asserts.find(({ id }) => id === 'harness-healthy')
  if (!asked && view.of('health').length === 0) return {}
  const request = asked ?? { id: 'harness-healthy' }
  const withBounds = (bounds: AssertRequest['bounds']) => examine({ value: view }, { ...request, bounds })
  return { all: withBounds(request.bounds), ownTime: withBounds({ ...request.bounds, coverage: 0 }) }
}

/** What harness or path were too slow to show is open. */
const downgradeIfSlow = (view: RunView, finding: Finding, health: ReturnType<typeof healthOf>): Finding =>
  downgradeIfStalled(view, downgradeIfUnhealthy(finding, readsGauges(finding) ? health.all : health.ownTime))

const readsGauges = ({ id }: Finding) => isAssertionId(id) && definitionOf(id).needs.includes('gauges')

function examine(view: Attempt<RunView>, { id, bounds }: AssertRequest): Finding {
  if (!isAssertionId(id)) return uncomputed(id, id, text.unknownAssertion, text.unknownAssertionSettle)
  const title = titleOf(id)
  const { bounds: known } = definitionOf(id)

  const { value } = view
  if (!value) return uncomputed(id, title, text.unreadable(view), text.defectSettle)
  const defaults = Object.entries(known).map(([name, bound]) => [name, bound.default] as const)
  const check = CHECKS[id] as Check<AssertionId>
  const answer = attempt(() => check(value, { ...Object.fromEntries(defaults), ...bounds }))
  if (!answer.value && !value.hasParameters)
    return uncomputed(id, title, text.noParameters, MESSAGES.settle.wholeRun)
  if (!answer.value) return uncomputed(id, title, text.notComputed(answer), text.defectSettle)
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
    return { error: messageOf(error) }
  }
}

const uncomputed = (id: string, title: string, why: string, settle: string): Finding => ({
  id,
  title,
  ...unknown({ bound: '', measured: MESSAGES.shared.unknown, why, settle }),
})
