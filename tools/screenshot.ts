/**
 * Takes pictures of a report in a headless Chromium, and says what is wrong with the page: errors in its console,
 * anything that it tried to load, and a page wider than its window.
 *
 * usage: node dist/tools/screenshot.js <report.html | http://…> <picture.png> [--width 1280] [--dark] [--height N] [--fragment evidence-…] [--until SELECTOR]
 */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { openPage } from './browser/page.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: 'string', default: '1280' },
    height: { type: 'string' },
    dark: { type: 'boolean', default: false },
    fragment: { type: 'string' },
    /** The picture is taken when the page has this element. */
    until: { type: 'string' },
    chromium: { type: 'string' },
  },
})
const [file, picture] = positionals
if (!file || !picture) throw new Error('usage: node dist/tools/screenshot.js <report.html> <picture.png>')

/** Ten per second. */
const MOST_TRIES = 200

const address = /^https?:/.test(file) ? file : pathToFileURL(resolve(file)).href
const width = Number(values.width)
const { dark, chromium } = values
const page = await openPage(values.fragment ? `${address}#${values.fragment}` : address, {
  width,
  dark,
  ...(chromium !== undefined && { chromium }),
})
try {
  const isThere = `!!document.querySelector(${JSON.stringify(values.until)})`
  for (let tries = 0; values.until && !(await page.evaluate<boolean>(isThere)); tries++) {
    if (tries === MOST_TRIES) throw new Error(`the page has no ${values.until} after ${MOST_TRIES / 10} s`)
    await new Promise((done) => setTimeout(done, 100))
  }
  const size = await page.evaluate<{ width: number; height: number }>(
    '({ width: document.documentElement.scrollWidth, height: document.documentElement.scrollHeight })',
  )
  if (size.width > width) page.complaints.push(`the page is ${size.width} px wide in a window of ${width} px`)
  const top = values.fragment ? await page.evaluate<number>('scrollY') : 0
  const height = values.height ? Number(values.height) : size.height - top
  const { data } = await page.send<{ data: string }>('Page.captureScreenshot', {
    captureBeyondViewport: true,
    clip: { x: 0, y: top, width, height, scale: 1 },
  })
  await writeFile(picture, Buffer.from(data, 'base64'))
  for (const complaint of page.complaints) console.error(complaint)
  process.exitCode = page.complaints.length > 0 ? 1 : 0
} finally {
  await page.close()
}
