import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import { usageError } from '#weir/errors/index.ts'
import { FIGURE_IDS, FIGURES, type FigureId, isAssertionId, isFigureId } from '#weir/facts/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import type { Trial } from '#weir/search/index.ts'

/** What a value must keep to: an assertion, or a limit of a figure. */
export type Target = { text: string } & (
  | { assertion: string }
  | { figure: FigureId; atMost: number }
  | { figure: FigureId; atLeast: number }
)

/** Reads "no-storm,downtimeP99<=2". Throws WEIR_USAGE, also for an assertion that the scenario does not ask for. */
export function targetsOf(text: string, scenario: Scenario): Target[] {
  const targets = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => targetOf(one, scenario))
  if (targets.length === 0) throw usageError('--target is empty: name assertions or limits of figures')
  return targets
}

function targetOf(text: string, { name, assert }: Scenario): Target {
  const [, id = text, sign, number] = /^([^<>=]+)(<=|>=)(.*)$/.exec(text) ?? []
  if (sign === undefined) {
    if (assert.some((one) => one.id === id)) return { text, assertion: id }
    throw usageError(
      isAssertionId(id)
        ? `--target ${id}: the scenario ${name} does not ask for ${id}`
        : `--target ${text} is no assertion ("weir assertions list") and no limit of a figure such as downtimeP99<=2`,
    )
  }
  if (!isFigureId(id)) throw usageError(`--target ${text}: the figures are ${FIGURE_IDS.join(', ')}`)
  const limit = Number(number)
  if (number?.trim() === '' || !Number.isFinite(limit))
    throw usageError(`--target ${text}: "${number}" is not a number`)
  return sign === '<=' ? { text, figure: id, atMost: limit } : { text, figure: id, atLeast: limit }
}

/** What a run came to. A figure of a machine that was too slow proves nothing, as an assertion does not. */
export function trialOf({ findings, figures }: Verdict, targets: readonly Target[]): Trial {
  const health = findings.find(({ id }) => id === 'harness-healthy')
  const isFit = health === undefined || health.outcome === 'pass'
  const seen = targets.map((target): Trial => {
    if ('assertion' in target) {
      const finding = findings.find(({ id }) => id === target.assertion)
      if (!finding) return { outcome: 'inconclusive', why: `${target.assertion}: not judged` }
      return { outcome: finding.outcome, why: `${finding.id}: ${finding.sentence}` }
    }
    const { value } = figures[target.figure]
    const { title, unit } = FIGURES[target.figure]
    if (value === null) return { outcome: 'inconclusive', why: `${title}: the record does not show it` }
    if (!isFit) return { outcome: 'inconclusive', why: `${title}: ${health.sentence}` }
    const holds = 'atMost' in target ? value <= target.atMost : value >= target.atLeast
    return {
      outcome: holds ? 'pass' : 'fail',
      why: `${title}: ${Number(value.toPrecision(4))}${unit && ` ${unit}`}, not ${target.text.slice(target.figure.length)}`,
    }
  })
  const worst =
    seen.find(({ outcome }) => outcome === 'fail') ?? seen.find(({ outcome }) => outcome !== 'pass')
  return worst ?? { outcome: 'pass', why: '' }
}
