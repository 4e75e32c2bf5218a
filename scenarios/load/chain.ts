import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { WeirError, WeirErrors } from '#weir/errors/index.ts'
import { MergeProblems, over, refuseCircle } from './base.ts'
import { withFiles } from './fleet-files.ts'
import { refuseFormat } from './format.ts'
import { listScenarios } from './list.ts'
import { didYouMean } from './nearest.ts'
import { dotted } from './problem.ts'
import { readSource, type Source } from './source.ts'

type Json = Record<string | number, unknown>

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
  const hint =
    didYouMean(
      nameOrPath,
      known.map(({ name }) => name),
    ) || ': "weir scenarios list" lists them'
  throw new WeirError('WEIR_SCENARIO_UNKNOWN', `there is no scenario "${nameOrPath}"${hint}`)
}

/** A scenario file merged into its bases, and the sources, the scenario's own first. */
export interface Chain {
  content: Record<string, unknown>
  sources: Source[]
  file: string
}

export function readChain(nameOrPath: string, folder?: string, before: readonly string[] = []): Chain {
  const { file, shownAs } = find(nameOrPath, folder)
  if (!existsSync(file))
    throw new WeirError(
      'WEIR_SCENARIO_UNKNOWN',
      `there is no scenario file ${shownAs}: see weir scenarios list`,
    )
  refuseCircle(before, shownAs)
  const source = readSource(file, shownAs, 'WEIR_SCENARIO_UNKNOWN')
  refuseFormat(source)
  const own = structuredClone(source.content) as Json | null
  if (typeof own !== 'object' || own === null || !('base' in own))
    return { content: own as Json, sources: [source], file }
  const { base, ...rest } = own
  const at = `${shownAs}:${source.lineOf(['base'])}`
  if (typeof base !== 'string' || base === '')
    throw new WeirError('WEIR_SCENARIO_INVALID', `${at}: base must be the name or the file of a scenario`)
  const below = readBase(base, at, dirname(file), [...before, shownAs])
  const content = mergedInto(resolveManifest(below.content, below.file), rest, source)
  return { content, sources: [source, ...below.sources], file }
}

function mergedInto(base: Json, own: Json, source: Source): Json {
  try {
    return over(base, own) as Json
  } catch (error) {
    if (!(error instanceof MergeProblems)) throw error
    throw new WeirErrors(
      error.problems.map(({ path, what }) => {
        const at = `${source.file}:${source.lineOf(path)}`
        return new WeirError('WEIR_SCENARIO_INVALID', `${at}: ${dotted(path)}: ${what}`)
      }),
    )
  }
}

/** An unknown base is an error of the file that names it. */
function readBase(base: string, at: string, folder: string, before: readonly string[]): Chain {
  try {
    return readChain(base, folder, before)
  } catch (error) {
    if (!(error instanceof WeirError) || error.code !== 'WEIR_SCENARIO_UNKNOWN') throw error
    throw new WeirError('WEIR_SCENARIO_INVALID', `${at}: base: ${error.message}`, { cause: error })
  }
}

/** The file that says what stands at a path of the merged scenario, and the path in that file: lists of named items are merged by name. */
export function whereIn(
  sources: readonly Source[],
  merged: unknown,
  path: readonly (string | number)[],
): { source: Source; path: (string | number)[] } {
  for (const source of sources) {
    const own = pathIn(source.content, merged, path)
    if (own.length > 0 && source.holds(own)) return { source, path: own }
  }
  return { source: sources[0]!, path: [...path] }
}

function pathIn(content: unknown, merged: unknown, path: readonly (string | number)[]): (string | number)[] {
  const own: (string | number)[] = []
  let [here, there] = [content, merged]
  for (const key of path) {
    const item = (there as Json | undefined)?.[key]
    const name = (item as Json | undefined)?.name
    const at =
      typeof key === 'number' && typeof name === 'string' && Array.isArray(here)
        ? here.findIndex((one) => (one as Json | null)?.name === name)
        : key
    own.push(at)
    here = (here as Json | null | undefined)?.[at]
    there = item
  }
  return own
}

/** Replaces the path of a manifest file by its content, and makes the paths of builds and installations absolute. */
export function resolvePaths<Content>(content: Content, scenarioFile: string): Content {
  return resolveFleet(resolveTestbed(resolveManifest(content, scenarioFile), scenarioFile), scenarioFile)
}

function resolveFleet<Content>(content: Content, scenarioFile: string): Content {
  const { fleet } = (content ?? {}) as { fleet?: Parameters<typeof withFiles>[0] }
  if (fleet === undefined) return content
  const absolute = (path: string) => resolve(dirname(scenarioFile), path)
  return { ...content, fleet: withFiles(fleet, absolute) }
}

type Testbed = Partial<{ operator: string | Record<string, string>; emqx: { dir: string }[] }>

function resolveTestbed<Content>(content: Content, scenarioFile: string): Content {
  const { testbed } = (content ?? {}) as { testbed?: Testbed }
  if (testbed === undefined) return content
  const { operator, emqx } = testbed
  const absolute = (path: string) => resolve(dirname(scenarioFile), path)
  const paths =
    typeof operator === 'object' &&
    Object.fromEntries(Object.entries(operator).map(([name, path]) => [name, absolute(path)]))
  const changed = {
    ...testbed,
    ...(paths && { operator: paths }),
    ...(emqx && { emqx: emqx.map((one) => ({ ...one, dir: absolute(one.dir) })) }),
  }
  return { ...content, testbed: changed }
}

/** Replaces the path of a manifest file by its content. Throws WEIR_SCENARIO_INVALID and WEIR_SCENARIO_YAML. */
export function resolveManifest<Content>(content: Content, scenarioFile: string): Content {
  const { cluster } = (content ?? {}) as { cluster?: { manifest?: unknown } }
  const manifest = cluster?.manifest
  if (typeof manifest !== 'string') return content
  const file = isAbsolute(manifest) ? manifest : join(dirname(scenarioFile), manifest)
  const { content: read } = readSource(file, `cluster.manifest ${manifest}`, 'WEIR_SCENARIO_INVALID')
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw new WeirError('WEIR_SCENARIO_INVALID', `${manifest}: a manifest must be one object`)
  return { ...content, cluster: { ...cluster, manifest: read } }
}
