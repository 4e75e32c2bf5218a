import { mkdtempSync, rmSync } from 'node:fs'
import { cp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { clientRowsBetween } from '#weir/facts/index.ts'
import { openRecord, RECORD_FILES, type RunRecord, readRecord } from '#weir/record/index.ts'
import { quickEmqx5, quickened, type Settings, settingsOf, simulate, withEmqx5 } from './index.ts'

const ROWS_PER_BATCH = 100
const SHARES = [0, 0.05, 0.3, 0.5, 0.65, 0.8, 0.9, 0.99]
const FILES = [RECORD_FILES.clients, RECORD_FILES.events, RECORD_FILES.metrics, RECORD_FILES.messages]
const folder = mkdtempSync(join(tmpdir(), 'weir-cut-'))
test.after(() => rmSync(folder, { recursive: true }))

async function write(record: RunRecord, dir: string): Promise<void> {
  const { end, ...manifest } = record.manifest
  const writer = await openRecord(dir, manifest)
  await writer.fleet(record.fleet)
  const { clients } = record
  for (let from = 0; from < clients.length; from += ROWS_PER_BATCH) {
    const to = Math.min(from + ROWS_PER_BATCH, clients.length)
    writer.clients(clientRowsBetween(clients, from, to))
    await writer.flush()
  }
  for (const event of record.events) writer.event(event)
  for (const scrape of record.scrapes) writer.scrape(scrape)
  if (record.messages) await writer.messages(record.messages)
  assert.ok(end)
  await writer.close(end)
}

async function assertNoFail(dir: string, what: string): Promise<void> {
  const verdict = judge(await readRecord(dir))
  for (const { id, outcome, sentence } of verdict.findings)
    assert.is.not(outcome, 'fail', `${what}: ${id} blames an honest run: ${sentence}`)
  assert.is(verdict.outcome, 'inconclusive', what)
}

for (const file of FILES)
  test(`an honest run whose ${file} is cut off, emptied or missing fails nothing`, async () => {
    for (const [seed, isQuick, as] of [
      [1, true, (settings: Settings) => settings],
      [2, true, quickEmqx5],
      [3, false, (settings: Settings) => settings],
      [4, false, withEmqx5],
    ] as const) {
      const whole = join(folder, `${file}-${seed}`)
      await write(simulate(as(isQuick ? quickened(settingsOf(seed)) : settingsOf(seed))), whole)
      assert.is.not(judge(await readRecord(whole)).outcome, 'fail')
      const bytes = await readFile(join(whole, file))
      const { size } = await stat(join(whole, file))
      const copy = `${whole}-cut`
      await cp(whole, copy, { recursive: true })
      for (const share of SHARES) {
        const at = Math.floor(share * size)
        await writeFile(join(copy, file), bytes)
        await truncate(join(copy, file), at)
        await assertNoFail(copy, `seed ${seed}, ${file} cut at ${at} of ${size} bytes`)
        const line = bytes.lastIndexOf('\n', at) + 1
        if (file === RECORD_FILES.clients || line === 0) continue
        await truncate(join(copy, file), line)
        await assertNoFail(copy, `seed ${seed}, ${file} cut after the line at ${line} of ${size} bytes`)
      }
      await rm(join(copy, file))
      await assertNoFail(copy, `seed ${seed}, ${file} missing`)
    }
  })

test.run()
