import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Manifest, RECORD_FORMAT } from '#weir/facts/index.ts'
import { AppendFile } from '#weir/record/append-file.ts'
import { openRecord } from '#weir/record/index.ts'
import { RecordWriter } from '#weir/record/writer.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-disk-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const manifest: Manifest = {
  format: RECORD_FORMAT,
  weir: '0.1.0',
  scenario: { name: 'made-up', resolved: {} },
  seed: 1,
  clock: { source: 'monotonic', anchorUnixMs: 0 },
  host: { node: '', platform: '', cpus: 1, memoryMiB: 1 },
  versions: {},
  asserts: [],
  knownDeviations: [],
  notes: [],
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => error.code as string,
  )

/** /dev/full answers ENOSPC to every write, as a full disk does. */
async function onFullDisk(onFailure?: (error: Error) => void): Promise<RecordWriter> {
  const { open } = await import('node:fs/promises')
  const [events, scrapes] = await Promise.all(
    ['events', 'scrapes'].map((name) => AppendFile.create(join(dir, `${name}-${Math.random()}`))),
  )
  const clients = AppendFile.over(await open('/dev/full', 'w'))
  const options = { flushEveryMs: 60_000, ...(onFailure === undefined ? {} : { onFailure }) }
  return new RecordWriter(dir, manifest, { events: events!, scrapes: scrapes!, clients }, options)
}

test('a full disk is said once, as WEIR_DISK', async () => {
  const writer = await onFullDisk()
  writer.event({ t: 0, type: 'note', level: 'info', text: 'kept' })
  assert.is(await codeOf(writer.flush()), 'WEIR_DISK')
  assert.is(await codeOf(writer.flush()), 'none')
  assert.is(await codeOf(writer.close({ t: 1, how: 'failed' })), 'none')
})

test('whoever listens is told, and nothing else throws', async () => {
  const told: string[] = []
  const writer = await onFullDisk((error) => told.push(error.message))
  assert.is(await codeOf(writer.flush()), 'none')
  assert.is(await codeOf(writer.close({ t: 1, how: 'failed' })), 'none')
  assert.is(told.length, 1)
  assert.match(told[0]!, /cannot be written.*free space/)
})

test('a folder that cannot be made is WEIR_DISK', async () => {
  writeFileSync(join(dir, 'file'), '')
  assert.is(await codeOf(openRecord(join(dir, 'file', 'record'), manifest)), 'WEIR_DISK')
})

test('after the end nothing is written any more', async () => {
  const writer = await openRecord(join(dir, 'ended'), manifest)
  await writer.close({ t: 1, how: 'completed' })
  writer.event({ t: 2, type: 'note', level: 'info', text: 'late' })
  await writer.manifest({ notes: ['late'] })
  assert.is(await codeOf(writer.close({ t: 3, how: 'failed' })), 'none')
  const { readRecord } = await import('#weir/record/index.ts')
  const record = await readRecord(join(dir, 'ended'))
  assert.is(record.events.length, 0)
  assert.is(record.manifest.end?.how, 'completed')
})

test.run()
