/** The pages of `weir serve` under axe-core: the list of runs, and a run under way, from its beginning to its verdict. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge, serializeVerdict } from '#weir/assertions/index.ts'
import { serveRuns } from '#weir/cli/serve/server.ts'
import { type BrowserPage, openPage, type PageOptions } from '#weir/tools/browser/page.ts'
import { LOOKS, violationsOf } from '../../reports/html/axe.ts'
import { check } from '../../reports/html/on-page.ts'
import { smallRecord } from '../../reports/small-report.ts'
import { halfWrittenIn } from './half-written.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-serve-axe-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))
const runs = join(folder, 'runs')
const halfWritten = halfWrittenIn(runs)
const { manifest } = smallRecord()
const verdict = judge(smallRecord())

/** One run of every state that the list has. */
function listed(): void {
  const end = { how: 'completed', t: 1 }
  const write = (name: string, files: Record<string, string>) => {
    mkdirSync(join(runs, name), { recursive: true })
    for (const [file, text] of Object.entries(files)) writeFileSync(join(runs, name, file), text)
  }
  const run = (begun: number, outcome?: string) => ({
    'run.json': JSON.stringify({ ...manifest, clock: { ...manifest.clock, anchorUnixMs: begun }, end }),
    'events.ndjson': '',
    ...(outcome && { 'verdict.json': JSON.stringify({ ...JSON.parse(serializeVerdict(verdict)), outcome }) }),
  })
  for (const [at, outcome] of ['pass', 'fail', 'inconclusive'].entries())
    write(outcome, run(1e12 + at, outcome))
  write('ended', run(2e12))
  write('not-judged', run(3e12))
  const long = Date.now() / 1000 - 60
  utimesSync(join(runs, 'not-judged', 'events.ndjson'), long, long)
  write('broken', { 'run.json': '{' })
}

async function onServed(
  path: string,
  look: PageOptions,
  act: (page: BrowserPage) => Promise<void>,
): Promise<void> {
  const server = await serveRuns(runs, { host: '127.0.0.1', port: 0 })
  try {
    const page = await openPage(server.origin + path, look)
    try {
      await act(page)
    } finally {
      await page.close()
    }
  } finally {
    await server.close()
  }
}

/** The browser gives up a page whose script does not get that far. */
const until = (page: BrowserPage, holds: string) =>
  page.evaluate(`new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error('not within 30 s: ' + ${JSON.stringify(holds)})), 30000)
    const look = () => { if (${holds}) { clearTimeout(late); done() } else setTimeout(look, 50) }
    look()
  })`)

for (const look of LOOKS) {
  const at = `at ${look.width} px${look.dark ? ', dark' : ''}`

  check(`axe-core finds nothing on the list of runs ${at}`, () => {
    listed()
    return onServed('/', look, async (page) => {
      const states = await page.evaluate<string[]>(
        "[...document.querySelectorAll('.state')].map(({ textContent }) => textContent)",
      )
      for (const state of ['pass', 'fail', 'inconclusive', 'ended', 'not judged', 'broken'])
        assert.ok(states.includes(state), state)
      assert.equal(await violationsOf(page), [])
    })
  })

  check(`axe-core finds nothing on the page of a run under way ${at}`, async () => {
    const name = `live-${look.width}`
    const { writer, more } = await halfWritten(name)
    await onServed(`/runs/${name}`, look, async (page) => {
      await until(page, "document.querySelector('#chart-connections canvas') !== null")
      assert.equal(await violationsOf(page), [])
      await page.evaluate("document.querySelector('#live-pause').click()")
      assert.equal(await violationsOf(page), [], 'paused')
      await page.evaluate("document.querySelector('#live-pause').click()")
      await more()
      await writer.close(manifest.end!)
      writeFileSync(join(runs, name, 'verdict.json'), serializeVerdict(verdict))
      await until(page, "!document.querySelector('#live-report').hidden")
      assert.equal(await violationsOf(page), [], 'ended')
    })
  })
}

check('axe-core finds nothing on an empty list, and sees what is wrong with it', async () => {
  rmSync(runs, { recursive: true, force: true })
  mkdirSync(runs)
  await onServed('/', LOOKS[0]!, async (page) => {
    assert.equal(await violationsOf(page), [])
    await page.evaluate("document.documentElement.removeAttribute('lang')")
    assert.ok((await violationsOf(page)).some(({ id }) => id === 'html-has-lang'))
  })
})

test.run()
