import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { packageFile } from '#weir/errors/index.ts'

/** What the build made of page/: a script with uPlot and its licence, or the style sheet. */
export const built = (name: string): string =>
  readFileSync(packageFile(`dist/reports/html/${name}`), 'utf8').trim()

/** What a Content-Security-Policy needs to let exactly this text run. */
export function cspHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
