import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { packageFile } from '#weir/errors/index.ts'

/** What the build made of page/main.ts and page/page.css: uPlot with its licence, then weir's own. */
const built = (name: string) => readFileSync(packageFile(`dist/reports/html/${name}`), 'utf8').trim()

export const script = built('page.js')
export const style = built('page-style.css')

/** What a Content-Security-Policy needs to let exactly this text run. */
export function cspHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
