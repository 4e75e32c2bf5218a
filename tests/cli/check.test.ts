import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeRecord } from '#weir/import/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { settingsOf, simulate } from '../simulator/index.ts'
import { weir } from './weir.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-check-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

let made = 0
async function recorded(
  change: (record: RunRecord) => void = () => {},
  faults: string[] = [],
): Promise<string> {
  const settings = settingsOf(5, faults)
  // This run has no drain of 30 s, which a slope needs, and no client that subscribes again.
  settings.asserts = settings.asserts.filter((id) => id !== 'eviction-slope' && id !== 'suback')
  const record = simulate(settings)
  change(record)
  const dir = join(folder, `run-${++made}`)
  await writeRecord(record, dir)
  return dir
}

const verdictOf = (dir: string) => JSON.parse(readFileSync(join(dir, 'verdict.json'), 'utf8'))

test('an honest run passes with 0, and judging it again gives the same bytes', async () => {
  const dir = await recorded()
  const first = await weir(['check', dir])
  assert.is(first.code, 0, first.stdout)
  assert.match(first.stdout, /^PASS /)
  assert.match(first.stdout, /wrote the verdict \(none was stored\)/)
  const bytes = readFileSync(join(dir, 'verdict.json'), 'utf8')
  const second = await weir(['check', dir])
  assert.is(second.code, 0)
  assert.match(second.stdout, /same verdict as stored, byte for byte/)
  assert.is(readFileSync(join(dir, 'verdict.json'), 'utf8'), bytes)
})

test('a run with a fault fails with 1', async () => {
  const dir = await recorded(undefined, ['all-at-once'])
  const { code, stdout } = await weir(['check', dir])
  assert.is(code, 1)
  assert.match(stdout, /^FAIL /)
  assert.is(verdictOf(dir).outcome, 'fail')
})

test('a stored verdict that was another one is named and replaced, unless it is to be kept', async () => {
  const dir = await recorded()
  await weir(['check', dir])
  const right = readFileSync(join(dir, 'verdict.json'), 'utf8')
  writeFileSync(join(dir, 'verdict.json'), right.replace('"pass"', '"fail"'))
  const kept = await weir(['check', dir, '--keep'])
  assert.match(kept.stdout, /verdict differs from the stored one/)
  assert.is.not(readFileSync(join(dir, 'verdict.json'), 'utf8'), right)
  assert.is(kept.code, 0, 'the exit code is that of this judgement')
  assert.match((await weir(['check', dir])).stdout, /verdict differs from the stored one/)
  assert.is(readFileSync(join(dir, 'verdict.json'), 'utf8'), right)
})

test('--out writes the verdict elsewhere and leaves the record alone', async () => {
  const dir = await recorded()
  const out = join(folder, 'elsewhere.json')
  await weir(['check', dir, '--out', out])
  assert.is(JSON.parse(readFileSync(out, 'utf8')).outcome, 'pass')
  assert.not.ok(existsSync(join(dir, 'verdict.json')))
})

test('a record that kill -9 left, cut in the middle of a line, is judged: nobody can tell, 3', async () => {
  const dir = await recorded()
  const manifest = JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8'))
  delete manifest.end
  writeFileSync(join(dir, 'run.json'), JSON.stringify(manifest))
  for (const file of ['events.ndjson', 'metrics.ndjson', 'clients.arrow'])
    truncateSync(join(dir, file), Math.floor(statSync(join(dir, file)).size * 0.6))
  const { code, stdout, stderr } = await weir(['check', dir])
  assert.is(stderr, '')
  assert.is(code, verdictOf(dir).outcome === 'fail' ? 1 : 3, stdout)
  assert.match(stdout, /note: The run was killed/)
  assert.match(stdout, /note: (clients\.arrow|events\.ndjson|metrics\.ndjson): /)
})

test('an interrupted run says so with 130, whatever its verdict', async () => {
  const dir = await recorded((record) => {
    record.manifest.end = { t: record.manifest.end!.t, how: 'interrupted' }
  })
  const { code, stdout } = await weir(['check', dir])
  assert.is(code, 130)
  assert.match(stdout, /interrupted/)
})

test('every report of the same record is the same bytes twice', async () => {
  const dir = await recorded()
  for (const format of ['--html', '--junit', '--markdown', '--json']) {
    const texts = []
    for (const name of ['one', 'two']) {
      const out = join(folder, `${name}${format}`)
      const { code, stdout } = await weir(['report', dir, format, '--out', out])
      assert.is(code, 0)
      assert.is(stdout, `${out}\n`)
      texts.push(readFileSync(out, 'utf8'))
    }
    assert.is(texts[0], texts[1], format)
    assert.ok(texts[0]!.length > 500)
  }
})

test('a report goes to stdout, the page beside its record', async () => {
  const dir = await recorded()
  assert.match((await weir(['report', dir])).stdout, /^PASS /)
  assert.match((await weir(['report', dir, '--junit'])).stdout, /^<\?xml /)
  assert.is((await weir(['report', dir, '--html'])).stdout, `${join(dir, 'report.html')}\n`)
  assert.ok(statSync(join(dir, 'report.html')).size > 50_000)
})

test.run()
