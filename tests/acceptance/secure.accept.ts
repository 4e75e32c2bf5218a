/** An update with clients over TLS and WebSocket that have an identity each: it passes, and what is wrong with it is found. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Pool } from './pool.ts'
import { describe, runFit } from './weir.ts'

/** With fewer evictions a second: handshakes cost a machine of two processors much. */
const CLIENTS = 600
const RATE = 50

const dir = mkdtempSync(join(tmpdir(), 'weir-secure-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
const users = join(dir, 'users.csv')
const rows = Array.from({ length: CLIENTS }, (_, i) => `user_${i},password_${i}`)
writeFileSync(users, ['username,password', ...rows].join('\n'))

/** Four ticks of evictions on each node. */
const secure = (protocol: string, evacuation: string): string[] => [
  ...['--protocol', protocol, '--insecure', '--credentials', users],
  ...['--set', `fleet.clients=${CLIENTS}`],
  ...['connEvictRate', 'sessEvictRate'].flatMap((rate) => [
    '--set',
    `cluster.manifest.spec.${evacuation}.${rate}=${RATE}`,
  ]),
]
const V5 = 'updateStrategy.evacuationStrategy'
const V4 = 'blueGreenUpdate.evacuationStrategy'

const pool = new Pool(2)
const run = (args: string[]) =>
  pool.queue(() =>
    runFit(args, (made) => ({ code: made.code, failed: made.ids('fail'), text: describe(made) })),
  )
const honest5 = run(['blue-green-v5-quick', ...secure('wss', V5)])
const atOnce = run(['blue-green-v5-quick', ...secure('wss', V5), '--fault', 'all-at-once'])
const honest4 = run(['blue-green-quick', ...secure('mqtts', V4)])

test('v2beta1 over wss', async () => {
  const { code, failed, text } = await honest5
  assert.is(code, 0, text)
  assert.equal(failed, [])
})

test('v2beta1 over wss, with every client evicted at once', async () => {
  const { code, failed, text } = await atOnce
  assert.is(code, 1, text)
  assert.ok(failed.includes('eviction-envelope'), text)
})

test('v1beta4 over mqtts', async () => {
  const { code, failed, text } = await honest4
  assert.is(code, 0, text)
  assert.equal(failed, [])
})

test.run()
