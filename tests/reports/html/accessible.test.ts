/** The page under axe-core: WCAG 2.2 AA and best practices, in light and dark, narrow and wide, and with what a reader opens. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import type { Report } from '#weir/reports/index.ts'
import { mutantOf, simulate } from '../../simulator/index.ts'
import { smallReport } from '../small-report.ts'
import { LOOKS, violationsOf } from './axe.ts'
import { check, onPage } from './on-page.ts'

const reportOf = (record: RunRecord): Report => ({
  run: viewOf(record),
  verdict: judge(record),
  folder: 'a-run',
})
const reports: [string, () => Report][] = [
  ['small', smallReport],
  ['storm', () => reportOf(simulate(mutantOf(1, 'all-at-once')))],
]

for (const [name, report] of reports)
  for (const look of LOOKS)
    check(`axe-core finds nothing on the ${name} page at ${look.width} px${look.dark ? ', dark' : ''}`, () =>
      onPage(report(), look, async (page) => {
        assert.equal(await violationsOf(page), [])
        // What is folded is read too.
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        await page.evaluate("document.querySelector('.evidence-links a')?.click()")
        assert.equal(await violationsOf(page), [])
      }),
    )

check('axe-core sees what is wrong with a page', () =>
  onPage(smallReport(), { width: 1280 }, async (page) => {
    await page.evaluate(
      "document.querySelector('.contents').removeAttribute('aria-label'); document.documentElement.removeAttribute('lang')",
    )
    assert.ok((await violationsOf(page)).some(({ id }) => id === 'html-has-lang'))
  }),
)

test.run()
