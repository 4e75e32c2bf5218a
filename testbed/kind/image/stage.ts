import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Stage {
  /** Part of a file's name. */
  name: string
  /** What it is made from: made again when that differs. */
  key: string
  /** A file or folder that it makes, where its absence means that it has to be made again. */
  makes?: string
}

const doneFile = (dir: string, name: string) => join(dir, `${name}.done`)

export function isDone(dir: string, { name, key, makes }: Stage): boolean {
  const file = doneFile(dir, name)
  return existsSync(file) && readFileSync(file, 'utf8') === key && (makes === undefined || existsSync(makes))
}

/** Does the work of a stage unless it was done with the same key; one that is broken off is done again. */
export async function once(
  dir: string,
  stage: Stage,
  note: (line: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  if (isDone(dir, stage)) return
  const file = doneFile(dir, stage.name)
  mkdirSync(dir, { recursive: true })
  rmSync(file, { force: true })
  const startedMs = performance.now()
  await work()
  writeFileSync(`${file}.unfinished`, stage.key)
  renameSync(`${file}.unfinished`, file)
  note(`weir: ${stage.name}: made in ${Math.round((performance.now() - startedMs) / 1000)} s`)
}
