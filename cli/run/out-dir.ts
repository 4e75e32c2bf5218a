import { mkdirSync, rmdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { messageOf, WeirError } from '#weir/errors/index.ts'

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

/** Removes a claimed folder if it is empty. */
export function releaseOutDir(dir: string): void {
  try {
    rmdirSync(dir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
}
