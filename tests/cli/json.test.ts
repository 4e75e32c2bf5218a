/** --json prints one document, and --quiet one line. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judgeRecord } from '#weir/cli/judge-record.ts'
import { quieted } from '#weir/cli/output-options.ts'
import { showRuns } from '#weir/cli/run/show-runs.ts'
import { showVerdict } from '#weir/cli/run/show-verdict.ts'
import { tellVerdict } from '#weir/cli/run/tell-verdict.ts'
import { ProgressDisplay } from '#weir/cli/run/under-watch.ts'
import { ASSERTION_IDS } from '#weir/facts/index.ts'
import { writeRecord } from '#weir/import/index.ts'
import { listScenarios } from '#weir/scenarios/index.ts'
import { FAULTS } from '#weir/testbed/faults/index.ts'
import { smallRecord } from '../reports/small-report.ts'
import { memoryOutput, weir } from './weir.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-json-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

let made = 0
async function recorded(): Promise<string> {
  const dir = join(folder, `run-${++made}`)
  await writeRecord(smallRecord(), dir)
  return dir
}

test('check --json is verdict.json with the folder of the record, and nothing else', async () => {
  const dir = await recorded()
  const { stdout, code } = await weir(['check', dir, '--json'])
  const { record, ...verdict } = JSON.parse(stdout)
  assert.is(record, dir)
  assert.equal(verdict, JSON.parse(readFileSync(join(dir, 'verdict.json'), 'utf8')))
  assert.is(code, (await weir(['check', dir])).code)
})

test('check --quiet is the headline in one line; an error is as ever', async () => {
  const dir = await recorded()
  const { stdout, stderr } = await weir(['check', dir, '-q'])
  const { outcome, headline } = JSON.parse(readFileSync(join(dir, 'verdict.json'), 'utf8'))
  assert.is(stdout, `${outcome.toUpperCase()}  ${headline}\n`)
  assert.is(stderr, '')
  assert.match(
    (await weir(['check', join(folder, 'none'), '-q'])).stderr,
    /^weir: .*\[WEIR_RECORD_MISSING\]\n$/,
  )
})

test('the verdict of a run is shown the same way, after its reports are written', async () => {
  const judged = await judgeRecord(await recorded())
  const json = memoryOutput()
  await tellVerdict({ judged }, json.output, showVerdict({ json: true }, json.output))
  assert.is(JSON.parse(json.said.stdout).record, judged.dir)
  assert.is(json.said.stderr, '')
  assert.match(readFileSync(join(judged.dir, 'report.html'), 'utf8'), /^<!doctype html>/i)
  const quiet = memoryOutput()
  await tellVerdict({ judged }, quiet.output, showVerdict({ quiet: true }, quiet.output))
  assert.is(quiet.said.stdout.split('\n').length, 2, quiet.said.stdout)
})

test('several runs are one document, also when one of them could not be made', async () => {
  const [one, other] = [await judgeRecord(await recorded()), await judgeRecord(await recorded())]
  const { output, said } = memoryOutput()
  const show = showRuns({ json: true }, output)
  show.verdict(one, [])
  show.verdict(other, [])
  show.summary('2 runs')
  assert.is(said.stdout, '')
  show.end()
  const { runs, comparison } = JSON.parse(said.stdout)
  assert.equal(
    runs.map(({ record }: { record: string }) => record),
    [one.dir, other.dir],
  )
  assert.is(comparison, undefined)
  const none = memoryOutput()
  showRuns({ json: true }, none.output).end()
  assert.is(none.said.stdout, '')
})

test('quiet shows no progress, JSON no line that is redrawn, and both what the user must know', () => {
  const progress = { elapsedS: 1, phase: 'upgraded', online: 0, clients: 0, attemptsPerSecond: 0 }
  for (const [flags, words] of [
    [{ quiet: true }, /^must\n$/],
    [{ json: true }, /^0:01.*upgraded.*\nmust\n$/],
  ] as const) {
    const { output, said } = memoryOutput({ live: true })
    const display = new ProgressDisplay(quieted(flags, output))
    display.update(progress)
    display.note('must')
    assert.match(said.stderr, words)
    assert.is(said.stdout, '')
  }
})

test('every list is one document', async () => {
  const names = (list: { name: string }[]) => list.map(({ name }) => name)
  const listed = async (...args: string[]) => JSON.parse((await weir([...args, '--json'])).stdout)
  assert.equal(names(await listed('scenarios', 'list')), names(listScenarios()))
  assert.equal(names(await listed('faults', 'list')), names([...FAULTS]))
  const assertions = await listed('assertions', 'list')
  assert.equal(
    assertions.map(({ id }: { id: string }) => id),
    ASSERTION_IDS,
  )
  assert.type(assertions[0].bounds, 'object')
  assert.is((await listed('scenarios', 'show', 'blue-green')).fleet.clients, 3000)
  const { kind, items } = await listed('policy', 'show')
  assert.is(kind, 'List')
  assert.ok(items.some((item: { kind: string }) => item.kind === 'ValidatingAdmissionPolicy'))
})

test.run()
