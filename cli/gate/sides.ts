import { readFile, stat } from 'node:fs/promises'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import { type RunSet, readBaseline, runSetOf } from '#weir/gate/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { judgeRecord } from '../judge-record.ts'

/** Runs as a comparison takes them, and what of them can be drawn. */
export interface Side {
  set: RunSet
  views: RunView[]
}

/** Judges each folder again, so that all figures are of this weir. */
export async function sideOfRuns(dirs: readonly string[]): Promise<Side> {
  const judged = []
  for (const dir of dirs) judged.push(await judgeRecord(dir))
  const runs = judged.map(({ dir, run, verdict }) => ({ name: dir, manifest: run.record.manifest, verdict }))
  return { set: runSetOf(runs), views: judged.map(({ run }) => run) }
}

/** The one baseline file, or the runs, that these paths name. */
export async function sideOf(paths: readonly string[]): Promise<Side> {
  const [path] = paths
  if (path === undefined || paths.length > 1 || !(await isFile(path))) return sideOfRuns(paths)
  return { set: readBaseline(await textOf(path), path), views: [] }
}

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

/** Throws WEIR_USAGE. */
export async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new WeirError('WEIR_USAGE', `${path} cannot be read: ${messageOf(cause)}`, { cause })
  }
}
