import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeRecord } from '#weir/import/index.ts'
import { quickened, settingsOf, simulate } from '../simulator/index.ts'
import { weir } from './weir.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-compare-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)

/** Folders of three runs; with a fault all clients of a node are evicted at once. */
async function three(name: string, faults: string[] = []): Promise<string[]> {
  const settings = quickened(settingsOf(3, faults))
  return Promise.all(
    [1, 2, 3].map(async (seed) => {
      const dir = at(`${name}-${seed}`)
      const record = simulate({ ...settings, seed: seed + name.length * 10 })
      await writeRecord(
        {
          ...record,
          manifest: { ...record.manifest, scenario: { ...record.manifest.scenario, name: '<b>&' } },
        },
        dir,
      )
      return dir
    }),
  )
}
const old = await three('old')
const next = await three('next')
const broken = await three('broken', ['all-at-once'])

test('runs of one build: nothing is worse, exit 0', async () => {
  const { code, stdout } = await weir(['compare', ...old, '--', ...next])
  assert.is(code, 0, stdout)
  assert.match(stdout, /^\d+ .*same\.\n/)
  assert.match(stdout, /600 clients at 20\/s: 3 runs beside a baseline of 3 runs\./)
})

test('a build that evicts all at once is worse, exit 5, against runs and against their file', async () => {
  const { code, stdout } = await weir(['compare', ...old, '--', ...broken])
  assert.is(code, 5, stdout)
  assert.match(stdout, /^worse {2}.*evictions of one node ahead of its rate/m)
  const file = at('weir-baseline.json')
  assert.is((await weir(['baseline', 'save', ...old, '--out', file])).code, 0)
  assert.ok(readFileSync(file).length < 5 * 1024)
  assert.is((await weir(['compare', file, '--', ...broken])).code, 5)
})

test('fewer than three runs: it cannot be told, exit 3', async () => {
  const { code, stdout } = await weir(['compare', ...old, '--', next[0]!])
  assert.is(code, 3, stdout)
  assert.match(stdout, /it takes 3 runs on either/)
})

test('the page has a curve for each run, no script, and what a cluster calls itself stays text', async () => {
  const page = at('compared.html')
  const { code } = await weir(['compare', ...old, '--', ...broken, '--html', page])
  assert.is(code, 5)
  const html = readFileSync(page, 'utf8')
  assert.is(html.match(/<polyline class="base"/g)?.length, 6)
  assert.is(html.match(/<polyline class="now"/g)?.length, 6)
  assert.not.match(html, /<script|<b>/)
  assert.match(html, /&lt;b&gt;&amp;/)
})

test('for programs, the same as JSON', async () => {
  const { stdout } = await weir(['compare', ...old, '--', ...broken, '--json'])
  const { outcome, figures } = JSON.parse(stdout)
  assert.is(outcome, 'worse')
  assert.ok(
    figures.some(
      ({ id, change }: { id: string; change: string }) => id === 'evictionsBurst' && change === 'worse',
    ),
  )
})

test('what cannot be compared is one line, exit 2', async () => {
  const policy = at('gate.yaml')
  writeFileSync(policy, 'figures: { speed: ignore }\n')
  for (const [args, words] of [
    [['compare', ...old], /the runs to compare are missing: weir compare BASE… -- NEW…/],
    [['compare', '--', ...old], /an argument is missing/],
    [['compare', at('none'), '--', ...old], /\[WEIR_RECORD_MISSING\]/],
    [['compare', policy, '--', ...old], /is no baseline/],
    [['compare', ...old, '--', ...next, '--policy', policy], /figures has no speed/],
  ] as const) {
    const { code, stderr } = await weir([...args])
    assert.is(code, 2, stderr)
    assert.match(stderr, words)
    assert.is(stderr.trim().split('\n').length, 1, stderr)
  }
})

test.run()
