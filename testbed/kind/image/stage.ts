import { createHash } from 'node:crypto'
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

/** It is done again the next time. */
export const forget = (dir: string, { name }: Stage): void => rmSync(doneFile(dir, name), { force: true })

/** Does the work of a stage unless it was done with the same key; one that is broken off is done again. */
export async function makeOnce(
  dir: string,
  stage: Stage,
  note: (line: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  if (isDone(dir, stage)) return
  const file = doneFile(dir, stage.name)
  mkdirSync(dir, { recursive: true })
  forget(dir, stage)
  note(`weir: ${stage.name}: being made`)
  const startedMs = performance.now()
  await work()
  writeFileSync(`${file}.unfinished`, stage.key)
  renameSync(`${file}.unfinished`, file)
  note(`weir: ${stage.name}: made in ${Math.round((performance.now() - startedMs) / 1000)} s`)
}

/** A short name for what something is made from. */
export function hashOf(...texts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(text)
  return hash.digest('hex').slice(0, 12)
}
