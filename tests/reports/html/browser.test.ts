/** The page in a real browser, where there is one: nothing on its console, nothing loaded, nothing wider than the window. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { renderHtml } from '#weir/reports/index.ts'
import { testWith } from '../../support/programs.ts'
import { hostileReport, smallReport } from '../small-report.ts'

const camera = fileURLToPath(import.meta.resolve('#weir/tools/screenshot.ts'))
const check = process.env.CHROMIUM ? test : testWith('chromium')
const folder = mkdtempSync(join(tmpdir(), 'weir-page-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

function take(args: string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [camera, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    child.on('close', (code) => done({ code, said }))
  })
}

const pages = { small: smallReport, hostile: hostileReport }
for (const [name, report] of Object.entries(pages))
  for (const options of [
    ['--width', '1280'],
    ['--width', '420', '--dark'],
    ['--width', '1280', '--fragment', 'evidence-conservation-1'],
  ])
    check(`the ${name} page at ${options.join(' ')}`, async () => {
      const page = join(folder, `${name}.html`)
      const picture = join(folder, `${name}.png`)
      writeFileSync(page, renderHtml(report()))
      const { code, said } = await take([page, picture, ...options])
      assert.is(code, 0, said)
      assert.ok(statSync(picture).size > 10_000)
    })

test.run()
