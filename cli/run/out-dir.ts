import { mkdirSync, readdirSync, rmdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { messageOf, usageError, WeirError } from '#weir/errors/index.ts'
import { alreadyThere, RECORD_FILES } from '#weir/record/index.ts'

/** `runs/<UTC time>-<scenario>`, e.g. runs/2026-11-22T075433Z-blue-green: sorts by time; no ":", which Windows forbids. */
export function defaultOutDir(scenario: string, now: Date): string {
  const time = `${now.toISOString().slice(0, 19).replaceAll(':', '')}Z`
  return join('runs', `${time}-${scenario.replace(/[^\w.-]+/g, '-')}`)
}

/**
 * Creates a new folder. Runs that begin in the same second get the suffix `-2`, `-3`, ….
 *
 * @throws WeirError WEIR_DISK
 */
export function claimOutDir(scenario: string, now: Date): string {
  const first = defaultOutDir(scenario, now)
  try {
    mkdirSync(dirname(first), { recursive: true })
    for (let number = 1; ; number++) {
      const dir = number === 1 ? first : `${first}-${number}`
      if (made(dir)) return dir
    }
  } catch (cause) {
    throw new WeirError(
      'WEIR_DISK',
      `no folder for the record can be created (${messageOf(cause)}): choose one with --out`,
      { cause },
    )
  }
}

function made(dir: string): boolean {
  try {
    mkdirSync(dir)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Refuses a folder of `--out` that is not empty: a record in it belongs to another run, and other files would be mixed with this one's. A
 * folder that is missing is made later.
 *
 * @throws WeirError WEIR_RECORD_EXISTS, WEIR_USAGE, or WEIR_DISK for a folder that cannot be read
 */
export function refuseUsedOutDir(dir: string | undefined): void {
  if (dir === undefined) return
  const names = entriesOf(dir)
  if (names.length === 0) return
  const files: readonly string[] = Object.values(RECORD_FILES)
  if (names.some((name) => files.includes(name))) throw alreadyThere(dir)
  throw usageError(
    `--out ${dir} is not empty (${names[0]}) and holds no record: choose a new folder, or empty this one`,
  )
}

function entriesOf(dir: string): string[] {
  try {
    return readdirSync(dir).sort()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    if (code === 'ENOTDIR')
      throw usageError(`--out ${dir} is a file, or is below one: choose a folder`, error)
    throw new WeirError(
      'WEIR_DISK',
      `--out ${dir} cannot be read (${messageOf(error)}): choose another folder`,
      { cause: error },
    )
  }
}

/** Removes a claimed folder if it is empty. */
export function releaseOutDir(dir: string): void {
  try {
    rmdirSync(dir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
}
