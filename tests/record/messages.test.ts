/** messages.ndjson: what is written is read back, and what is missing of it is said. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Messages } from '#weir/facts/index.ts'
import { fleetOf, type RunRecord, readRecord, recordOf } from '#weir/record/index.ts'
import { writeRecord } from '#weir/record/write-record.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-messages-'))
test.after(() => rmSync(dir, { recursive: true }))

const messages: Messages = {
  publishers: [
    {
      publisher: 0,
      topic: 'weir/fleet/1/data',
      qos: 2,
      sent: 9,
      acknowledged: 8,
      refused: 0,
      abandoned: 1,
      skipped: 2,
      receipts: [
        {
          subscriber: 1,
          qos: 2,
          received: 7,
          lost: 1,
          lostSequences: [4],
          missed: 1,
          duplicated: 1,
          redelivered: 0,
          duplicateT: [7e9],
          reordered: 0,
          reorderedT: [],
          retained: 0,
          overflow: false,
        },
      ],
    },
  ],
  wills: [{ publisher: 0, attempt: 2, subscriber: 1, t: 5e9 }],
  latencies: [
    { of: 'ack', qos: 2, count: 8, p50Ms: 1, p90Ms: 2, p99Ms: 3, p999Ms: 4, maxMs: 5 },
    { of: 'delivery', qos: 2, count: 7, p50Ms: 1, p90Ms: 2, p99Ms: 3, p999Ms: 4, maxMs: 5 },
  ],
  foreign: 3,
  beganT: 1e9,
  endedT: 9e9,
  settled: true,
  complete: true,
}

const group = { name: 'all', protocol: '5', persistent: true, subscribed: true } as const
const record = recordOf({
  fleet: fleetOf(2, [group]),
  messages,
  manifest: { end: { t: 10e9, how: 'completed' } },
})

async function written(name: string, of: RunRecord = record): Promise<string> {
  const path = join(dir, name)
  await writeRecord(of, path)
  return path
}

test('the account of messages is read back as it was written', async () => {
  const read = await readRecord(await written('whole'))
  assert.equal(read.messages, messages)
  assert.equal(read.damage, [])
})

test('a record without the file has no account, and is none the worse for it', async () => {
  const { messages: _, ...without } = record
  const read = await readRecord(await written('without', without))
  assert.is(read.messages, undefined)
  assert.equal(read.damage, [])
})

test('a file that is cut anywhere is never complete, and the damage is named', async () => {
  const path = await written('cut')
  const file = join(path, 'messages.ndjson')
  const whole = readFileSync(file)
  // The last newline is no content.
  for (let length = 0; length < whole.length - 1; length++) {
    writeFileSync(file, whole.subarray(0, length))
    const read = await readRecord(path)
    assert.is(read.messages?.complete, false, `${length} bytes`)
    assert.ok(
      read.damage.some((one) => one.file === 'messages.ndjson'),
      `${length} bytes`,
    )
  }
})

test('a line that is gone from the middle is missed', async () => {
  const path = await written('gap')
  const file = join(path, 'messages.ndjson')
  const lines = readFileSync(file, 'utf8').split('\n')
  for (let at = 0; at < lines.length - 2; at++) {
    writeFileSync(file, lines.toSpliced(at, 1).join('\n'))
    const read = await readRecord(path)
    assert.is(read.messages?.complete, false)
    assert.equal(read.damage, [{ file: 'messages.ndjson', what: 'lines are missing' }])
  }
})

test.run()
