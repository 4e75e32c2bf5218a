import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'uvu'
import { type Report, renderHtml } from '#weir/reports/index.ts'
import { type BrowserPage, openPage, type PageOptions } from '#weir/tools/browser/page.ts'
import { testWith } from '../../support/programs.ts'

/** A test that needs Chromium. */
export const check = process.env.CHROMIUM ? test : testWith('chromium')

/** Opens the report's page in a browser, and closes it after `act`. */
export async function onPage(
  report: Report,
  options: PageOptions,
  act: (page: BrowserPage) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-page-'))
  try {
    const file = join(folder, 'page.html')
    writeFileSync(file, renderHtml(report))
    const page = await openPage(pathToFileURL(file).href, options)
    try {
      await act(page)
    } finally {
      await page.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
