import type { ErrorObject } from 'ajv'
import { WeirError, WeirErrors } from '#weir/errors/index.ts'
import type { AssertRequest } from '#weir/facts/index.ts'
import { clientIdPattern } from '../run/client-ids.ts'
import type { Scenario } from '../types.ts'
import { readBound, unknownBounds } from './bound.ts'
import { type Chain, readChain, resolveManifest, resolvePaths, whereIn } from './chain.ts'
import { withDefaults } from './defaults.ts'
import { dotted, type Problem, problemsOf } from './problem.ts'
import { check } from './scenario-check.js'
import { applySetting, readSetting, type Setting } from './set.ts'
import { trafficProblems } from './subscribers.ts'

/** A fleet's client ids, as far as topics depend on them: those of a run are not known before it. */
const CLIENT_ID = clientIdPattern('weir-run-')

/** Checks a scenario against its schema and fills in the schema's defaults in place. Empty when nothing is wrong. */
function validate(scenario: unknown): Problem[] {
  return check(scenario) ? [] : problemsOf(check.errors as ErrorObject[])
}

/** Reports every problem with its place, in the order of the files and lines, and at last a manifest's file that cannot be read. */
function refuseFile({ content, sources, file }: Chain, problems: readonly Problem[]): never {
  const placed = problems.map(({ code, what, path: merged, key }) => {
    const { source, path } = whereIn(sources, content, merged)
    const line = source.lineOf(path, key)
    return {
      file: sources.indexOf(source),
      line,
      error: new WeirError(code, `${source.file}:${line}: ${what}`),
    }
  })
  placed.sort((a, b) => a.file - b.file || a.line - b.line)
  throw new WeirErrors([...placed.map(({ error }) => error), ...manifestErrors(content, file)])
}

function manifestErrors(content: unknown, file: string): WeirError[] {
  try {
    resolveManifest(content, file)
    return []
  } catch (error) {
    if (error instanceof WeirErrors) return [...error.errors]
    if (error instanceof WeirError) return [error]
    throw error
  }
}

/** Reports every problem with the setting whose path leads to it, those of no setting last. */
function refuseSettings(settings: readonly Setting[], problems: readonly Problem[]): never {
  const touches = ({ path }: Setting, problem: Problem) => {
    const length = Math.min(path.length, problem.path.length)
    return dotted(path.slice(0, length)) === dotted(problem.path.slice(0, length))
  }
  const found = problems.map((problem) => ({
    problem,
    setting: settings.findLast((one) => touches(one, problem)),
  }))
  found.sort((a, b) => Number(a.setting === undefined) - Number(b.setting === undefined))
  throw new WeirErrors(
    found.map(({ problem: { code, what }, setting = settings.at(-1)! }) => {
      const own = code === 'WEIR_ASSERTION_UNKNOWN' ? code : 'WEIR_SET_INVALID'
      return new WeirError(own, `${setting.text}: ${what}`)
    }),
  )
}

/** Problems of the schema, and bounds that do not exist; if there are none, messages without subscribers. */
function problemsIn(content: unknown): Problem[] {
  const problems = [...validate(content), ...unknownBounds(content)]
  if (problems.length > 0) return problems
  const { fleet, assert } = withDefaults(content as Record<string, unknown>)
  return trafficProblems(
    { ...fleet, clientId: CLIENT_ID },
    assert.map(({ id }) => id),
  )
}

/**
 * Reads a scenario by name or path, checks it against its schema, applies settings (`a.b=c`, the value is YAML) and bounds
 * (`assertion.bound=number`), and checks again.
 *
 * @throws WeirErrors, every one that was found: WEIR_SCENARIO_YAML, WEIR_SCENARIO_INVALID, WEIR_ASSERTION_UNKNOWN (each with file and line) or
 * WEIR_SET_INVALID; WeirError WEIR_SCENARIO_UNKNOWN
 */
export function loadScenario(
  nameOrPath: string,
  { set = [], bound = [] }: { set?: readonly string[]; bound?: readonly string[] } = {},
): Scenario {
  const chain = readChain(nameOrPath)
  const { content, file } = chain
  const problems = problemsIn(content)
  if (problems.length > 0) refuseFile(chain, problems)

  const settings = set.map(readSetting)
  // A setting may address an assertion by its index.
  if (settings.some(({ path: [first, second] }) => first === 'assert' && /^\d+$/.test(String(second))))
    content.assert = withDefaults(content).assert
  for (const setting of settings) applySetting(content, setting)
  const afterwards = settings.length > 0 ? problemsIn(content) : []
  if (afterwards.length > 0) refuseSettings(settings, afterwards)
  if (bound.length > 0) content.assert = withDefaults(content).assert
  for (const text of bound) applySetting(content, readBound(text, content.assert as AssertRequest[]))
  return resolvePaths(withDefaults(content), file)
}
