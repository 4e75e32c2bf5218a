import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { BrowserPage, PageOptions } from '#weir/tools/browser/page.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** How every page is examined: in light and dark, wide and narrow. */
export const LOOKS: readonly PageOptions[] = [{ width: 1280 }, { width: 420, dark: true }]

export interface Violation {
  id: string
  targets: string[]
}

/** What axe-core finds wrong with a page as it stands: WCAG 2.2 AA and best practices. */
export async function violationsOf(page: BrowserPage): Promise<Violation[]> {
  await page.evaluate(`${axe}; void 0`)
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => ({ id, targets: nodes.map(({ target }) => target.join(' ')) })))`)
}
