/** What a reader does on the page: chooses outcomes, moves the cursor, follows the name of a moment. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { BrowserPage } from '#weir/tools/browser/page.ts'
import { smallReport } from '../small-report.ts'
import { check, onPage } from './on-page.ts'

const WIDE = { width: 1280 }

/** Which findings are in sight, with the passes unfolded. */
const shownFindings = (page: BrowserPage): Promise<string[]> =>
  page.evaluate(`(() => {
    document.querySelector('.passed').open = true
    return [...document.querySelectorAll('.findings tbody tr')].filter((row) => row.getClientRects().length > 0).map((row) => row.id)
  })()`)

const press = (page: BrowserPage, outcome: string): Promise<string> =>
  page.evaluate(`(() => {
    const button = document.querySelector('#outcomes .${outcome}')
    button.click()
    return button.getAttribute('aria-pressed')
  })()`)

check('the buttons of outcomes hide findings and show them again, and say so', () =>
  onPage(smallReport(), WIDE, async (page) => {
    const all = ['finding-conservation', 'finding-eviction-slope', 'finding-hops']
    assert.equal(await shownFindings(page), all)
    assert.is(await press(page, 'fail'), 'false')
    assert.equal(await shownFindings(page), all.slice(1))
    const cause = "document.querySelector('h3.cause').getClientRects().length"
    assert.is(await page.evaluate(cause), 0, 'a cause of nothing that is shown has no heading')
    await press(page, 'pass')
    await press(page, 'inconclusive')
    assert.equal(await shownFindings(page), [])
    for (const outcome of ['fail', 'inconclusive', 'pass']) assert.is(await press(page, outcome), 'true')
    assert.equal(await shownFindings(page), all)
    assert.equal(page.complaints, [])
  }),
)

check('every chart shows both times at the cursor, which all share', () =>
  onPage(smallReport(), WIDE, async (page) => {
    const times = await page.evaluate<string[]>(`(async () => {
      const chart = document.querySelector('[data-chart="connections"]')
      chart.dispatchEvent(new KeyboardEvent('keydown', { key: 'End' }))
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
      return [...document.querySelectorAll('.cursor-time')].filter((it) => !it.hidden).map((it) => it.textContent)
    })()`)
    const charts = await page.evaluate<number>("document.querySelectorAll('.uplot').length")
    assert.ok(charts >= 4, `${charts} charts`)
    // The run ends 30 s after the trigger, which was at 03:04:15.
    assert.equal(
      times,
      Array.from({ length: charts }, () => '+30.0 s · 03:04:45 UTC'),
    )
  }),
)

check("the name of a moment leads to its event in the timeline, and none covers another's", () =>
  onPage(smallReport(), { width: 420 }, async (page) => {
    const boxes = await page.evaluate<{ text: string; box: { x: number; y: number; right: number } }[]>(
      `[...document.querySelectorAll('.moment')].filter((it) => !it.hidden).map((it) => ({ text: it.textContent, box: it.getBoundingClientRect().toJSON() }))`,
    )
    assert.ok(boxes.some(({ text }) => text === 'trigger'))
    for (const [i, one] of boxes.entries())
      for (const other of boxes.slice(i + 1))
        assert.ok(
          one.box.y !== other.box.y || one.box.right <= other.box.x || other.box.right <= one.box.x,
          `${one.text} and ${other.text}`,
        )
    const target = await page.evaluate<string>(`(() => {
      const link = [...document.querySelectorAll('.moment')].find((it) => it.textContent === 'trigger')
      link.click()
      return document.querySelector(':target').textContent
    })()`)
    assert.match(target, /0\.0 s.*mark.*trigger/)
  }),
)

test.run()
