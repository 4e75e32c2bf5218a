import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { readForeignRecording } from '#weir/import/index.ts'
import { projectFile } from '../support/project-file.ts'

const fixture = (run: string) => fileURLToPath(projectFile(`tests/fixtures/recorded/operator/${run}`))

/** The recorder's clients waited a second. */
const TOLD = { reconnectMs: { minMs: 1000, maxMs: 1000 } }

test('operator 2.1.2, as recorded, moved every client once and at the rate', () => {
  const record = readForeignRecording(fixture('v1beta4-2.1.2/b-q6'), TOLD)
  const { connEvictRate, waitTakeoverSeconds, initialDelaySeconds, nodes, clients } =
    record.manifest.parameters!
  assert.equal([connEvictRate, waitTakeoverSeconds, initialDelaySeconds, nodes, clients], [5, 5, 5, 3, 300])
  for (const finding of judge(record).findings)
    assert.is(finding.outcome, 'pass', `${finding.id}: ${finding.sentence}`)
})

test('operator 2.2.29 with an EMQX of v2beta1, as recorded, moved every client once and at the rate', () => {
  const record = readForeignRecording(fixture('v2beta1-2.2.29/b-s1'), TOLD)
  const { connEvictRate, nodes, pollIntervalSeconds, dialect } = record.manifest.parameters!
  assert.equal([connEvictRate, nodes, pollIntervalSeconds], [5, 3, 1])
  assert.is(dialect.trafficSwitch, 'readiness-gate')
  assert.is(dialect.healthCheckWaitSeconds, 10, 'as its steps say')
  assert.ok(record.events.some((event) => event.type === 'pod' && event.role === 'core'))
  // One client took 3.3 s to come back: the whole machine stood still for two of them, and nothing else did.
  for (const finding of judge(record).findings)
    assert.is(finding.outcome, 'pass', `${finding.id}: ${finding.sentence}`)
})

test('operator 2.2.29, as recorded, dropped whole nodes', () => {
  const { findings } = judge(readForeignRecording(fixture('v1beta4-2.2.29/b-r1')))
  const outcome = Object.fromEntries(findings.map((finding) => [finding.id, finding.outcome]))
  for (const id of ['eviction-envelope', 'no-storm', 'hops', 'landing', 'drained-before-delete'])
    assert.is(outcome[id], 'fail', id)
  for (const id of ['conservation', 'refusals', 'undisturbed-before']) assert.is(outcome[id], 'pass', id)
})

test('a folder that holds no recording is refused', () => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-import-'))
  try {
    assert.throws(() => readForeignRecording(dir), /has no recording/)
    writeFileSync(join(dir, 'watch.ndjson'), '{')
    assert.throws(() => readForeignRecording(dir), /clients\.csv/)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test.run()
