import { join } from 'node:path'

/** `runs/<UTC time>-<scenario>`, e.g. runs/2026-11-22T075433Z-blue-green: sorts by time, has no ":" for Windows' sake. */
export function defaultOutDir(scenario: string, now: Date): string {
  const time = `${now.toISOString().slice(0, 19).replaceAll(':', '')}Z`
  return join('runs', `${time}-${scenario.replace(/[^\w.-]+/g, '-')}`)
}
