import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { WeirError } from '#weir/errors/index.ts'
import type { Scenario } from '../types.ts'
import { over, refuseCircle } from './base.ts'
import { withDefaults } from './defaults.ts'
import { listScenarios } from './list.ts'
import { didYouMean } from './nearest.ts'
import { dotted, type Problem } from './problem.ts'
import { applySetting, readSetting, type Setting } from './set.ts'
import { readSource, type Source } from './source.ts'
import { trafficProblems } from './subscribers.ts'
import { validate } from './validate.ts'

/** Client ids of every scenario's fleet. */
export const CLIENT_ID = 'weir-%i'

const looksLikePath = (word: string) => /[/\\]|\.ya?ml$/.test(word)

/** The file that a name or a path means; a path is relative to `folder`. */
function find(nameOrPath: string, folder = ''): { file: string; shownAs: string } {
  if (looksLikePath(nameOrPath)) {
    const file = folder && !isAbsolute(nameOrPath) ? join(folder, nameOrPath) : nameOrPath
    return { file, shownAs: file }
  }
  const known = listScenarios()
  const one = known.find(({ name }) => name === nameOrPath)
  if (one) return { file: one.file, shownAs: `scenarios/${one.name}.yaml` }
  const hint = didYouMean(
    nameOrPath,
    known.map(({ name }) => name),
  )
  throw new WeirError('WEIR_SCENARIO_UNKNOWN', `there is no scenario "${nameOrPath}"${hint}`)
}

/** A scenario file merged into its bases, and the sources, the scenario's own first. */
interface Chain {
  content: Record<string, unknown>
  sources: Source[]
  file: string
}

function readChain(nameOrPath: string, folder?: string, before: readonly string[] = []): Chain {
  const { file, shownAs } = find(nameOrPath, folder)
  if (!existsSync(file))
    throw new WeirError(
      'WEIR_SCENARIO_UNKNOWN',
      `there is no scenario file ${shownAs}: see weir scenarios list`,
    )
  refuseCircle(before, shownAs)
  const source = readSource(file, shownAs, 'WEIR_SCENARIO_UNKNOWN')
  const own = structuredClone(source.content) as Record<string, unknown> | null
  if (typeof own?.base !== 'string') return { content: own!, sources: [source], file }
  const { base, ...rest } = own
  const below = readChain(base, dirname(file), [...before, shownAs])
  return {
    content: over(resolveManifest(below.content, below.file), rest) as Record<string, unknown>,
    sources: [source, ...below.sources],
    file,
  }
}

const others = (problems: readonly Problem[]) =>
  problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''

function refuseFile(sources: readonly Source[], problems: readonly Problem[]): never {
  const [first] = problems
  const source = sources.find((one) => one.holds(first!.path)) ?? sources[0]!
  const line = source.lineOf(first!.path, first!.key)
  throw new WeirError(first!.code, `${source.file}:${line}: ${first!.what}${others(problems)}`)
}

/** Reports the setting whose path leads to the problem. */
function refuseSettings(settings: readonly Setting[], problems: readonly Problem[]): never {
  const touches = ({ path }: Setting, problem: Problem) => {
    const length = Math.min(path.length, problem.path.length)
    return dotted(path.slice(0, length)) === dotted(problem.path.slice(0, length))
  }
  const problem = problems.find((one) => settings.some((setting) => touches(setting, one))) ?? problems[0]!
  const setting = settings.findLast((one) => touches(one, problem)) ?? settings.at(-1)!
  const code = problem.code === 'WEIR_ASSERTION_UNKNOWN' ? problem.code : 'WEIR_SET_INVALID'
  throw new WeirError(code, `--set ${setting.text}: ${problem.what}${others(problems)}`)
}

/** Problems of the schema; if there are none, messages without subscribers. */
function problemsIn(content: unknown): Problem[] {
  const problems = validate(content)
  if (problems.length > 0) return problems
  const { fleet, assert } = withDefaults(content as Record<string, unknown>)
  return trafficProblems(
    { ...fleet, clientId: CLIENT_ID },
    assert.map(({ id }) => id),
  )
}

/** Replaces the path of a manifest file by its content. */
function resolveManifest<Content>(content: Content, scenarioFile: string): Content {
  const { cluster } = content as { cluster?: { manifest?: unknown } }
  const manifest = cluster?.manifest
  if (typeof manifest !== 'string') return content
  const file = isAbsolute(manifest) ? manifest : join(dirname(scenarioFile), manifest)
  const { content: read } = readSource(file, `cluster.manifest ${manifest}`, 'WEIR_SCENARIO_INVALID')
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw new WeirError('WEIR_SCENARIO_INVALID', `${manifest}: a manifest must be one object`)
  return { ...content, cluster: { ...cluster, manifest: read } }
}

/**
 * Reads a scenario by name or path, checks it against its schema, applies settings (`a.b=c`, the value is YAML), and checks again.
 *
 * @throws WeirError WEIR_SCENARIO_UNKNOWN, WEIR_SCENARIO_YAML, WEIR_SCENARIO_INVALID, WEIR_ASSERTION_UNKNOWN (each with
 * file and line) or WEIR_SET_INVALID
 */
export function loadScenario(nameOrPath: string, { set = [] }: { set?: readonly string[] } = {}): Scenario {
  const { content, sources, file } = readChain(nameOrPath)
  const problems = problemsIn(content)
  if (problems.length > 0) refuseFile(sources, problems)

  // A setting may address an assertion by its index.
  content.assert = withDefaults(content).assert
  const settings = set.map(readSetting)
  for (const setting of settings) applySetting(content, setting)
  const afterwards = settings.length > 0 ? problemsIn(content) : []
  if (afterwards.length > 0) refuseSettings(settings, afterwards)
  return resolveManifest(withDefaults(content), file)
}
