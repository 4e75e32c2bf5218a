import { tableFromIPC } from 'apache-arrow'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { FromProcess } from '#weir/bench/fleet/hosts/shard-host.ts'
import { toArrow } from '#weir/scenarios/fleet-job/arrow-table.ts'
import { decode, encode, framed, frames } from '#weir/scenarios/fleet-job/wire.ts'

const histogram = (...values: number[]) => ({ count: values.length, values: Float64Array.from(values) })

const BUCKETS = { upToSeconds: [0.1, 1], counts: [2, 0, 1], sumSeconds: 7.25 }

const MESSAGES: Record<string, FromProcess> = {
  ready: { type: 'ready', shard: 3 },
  died: { type: 'died', what: 'it ended with “Ende”' },
  stopped: { type: 'stopped', shard: 0, sessions: { ended: 4, left: 1 } },
  snapshots: {
    type: 'snapshots',
    snapshots: [
      {
        shard: 1,
        counters: BigInt64Array.of(1n, -2n, 9_007_199_254_740_991n),
        loopDelay: histogram(20_000_001, 31_000_000),
        lag: histogram(),
        ping: histogram(900),
      },
    ],
  },
  batch: {
    type: 'news',
    shard: 2,
    news: {
      type: 'batch',
      columns: {
        length: 3,
        t: Float64Array.of(0.25, 1e15, -7),
        client: Uint32Array.of(0, 4_294_967_295, 7),
        kind: Uint8Array.of(1, 2, 11),
        reason: Uint16Array.of(0, 3, 19),
        code: Int16Array.of(-1, 0, 156),
        sessionPresent: Int8Array.of(-1, 0, 1),
        target: Uint16Array.of(0, 1, 2),
        localPort: Uint16Array.of(0, 51_883, 65_535),
        moreTargets: ['[::1]:1883'],
        assignedIds: [{ client: 7, id: 'von selbst' }],
        breaches: { 'puback-for-qos-2': 3 },
      },
    },
  },
  'batch without a row': {
    type: 'news',
    shard: 2,
    news: {
      type: 'batch',
      columns: {
        length: 0,
        t: new Float64Array(),
        client: new Uint32Array(),
        kind: new Uint8Array(),
        reason: new Uint16Array(),
        code: new Int16Array(),
        sessionPresent: new Int8Array(),
        target: new Uint16Array(),
        localPort: new Uint16Array(),
      },
    },
  },
  traffic: {
    type: 'news',
    shard: 0,
    news: {
      type: 'traffic',
      batch: {
        length: 2,
        share: Uint32Array.of(0, 1),
        tag: Uint32Array.of(0xffffff, 1),
        publisher: Uint32Array.of(3, 4),
        sequence: Uint32Array.of(1, 2),
        qos: Uint8Array.of(1, 2),
        duplicateFlag: Uint8Array.of(0, 1),
        client: Uint32Array.of(5, 6),
        shares: ['$share/a/x', '$share/b/ü'],
        losses: [0, 2],
        wills: [{ publisher: 1, attempt: 2, subscriber: 3, t: 4.5e9 }],
      },
    },
  },
  ledger: {
    type: 'news',
    shard: 0,
    news: {
      type: 'ledger',
      part: {
        publishers: [
          {
            ...{ publisher: 1, sent: 10, acknowledged: 9, refused: 0, abandoned: 1, skipped: 0, everyMs: 0 },
            unacknowledged: [{ from: 4, to: 4 }],
            overflow: false,
            resent: [{ from: 1, to: 0xffff_ffff }],
            marks: [],
            exact: true,
            bound: { of: 'qos', most: 1, has: 2 },
          },
          {
            ...{ publisher: 2, sent: 0, acknowledged: 0, refused: 0, abandoned: 0, skipped: 3, everyMs: 5 },
            unacknowledged: [],
            overflow: true,
            resent: [],
            marks: [],
            exact: false,
            untaken: 7,
          },
        ],
        subscribers: [{ client: 1, epoch: 0, sinceMs: Number.POSITIVE_INFINITY, online: false }],
        receipts: [],
        shares: [
          {
            subscription: '$share/a/x',
            sinceMs: 4,
            absences: [{ fromMs: 1, toMs: Number.POSITIVE_INFINITY }],
          },
        ],
        latencies: [{ of: 'ack', qos: 1, histogram: 'HISTFAAAA', buckets: BUCKETS }],
        foreign: 2,
        inFlight: 0,
        answerable: 0,
        beganMs: 12.5,
      },
    },
  },
  latencies: {
    type: 'news',
    shard: 1,
    news: { type: 'latencies', latencies: [{ of: 'delivery', qos: 2, ...BUCKETS }] },
  },
}

for (const [what, message] of Object.entries(MESSAGES))
  test(`${what}: what arrives is what was sent`, () => {
    // Wherever in an answer it lies: columns begin at any byte there.
    for (const before of [0, 1, 3, 8]) {
      const answer = Buffer.concat([Buffer.alloc(before), framed(encode(message))]).subarray(before)
      const [bytes] = frames(answer)
      assert.equal(decode(bytes!), message)
    }
  })

test('rows travel as Arrow, which other programs read', () => {
  const bytes = toArrow({ length: 2, columns: { t: Float64Array.of(1, 2), words: ['a', 'üb'] } })
  const table = tableFromIPC(bytes)
  assert.equal(
    table.toArray().map((row) => row.toJSON()),
    [
      { t: 1, words: 'a' },
      { t: 2, words: 'üb' },
    ],
  )
})

test('an answer that was cut off is none', () => {
  const answer = framed(encode(MESSAGES.batch!))
  for (const length of [2, 5, answer.length - 1]) assert.throws(() => frames(answer.subarray(0, length)))
})

test.run()
