/** An update with clients over TLS and WebSocket that have an identity each: it passes, and what is wrong with it is found. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
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

test('v2beta1 over wss', async () => {
  await runFit(['blue-green-v5-quick', ...secure('wss', V5)], (run) => {
    assert.is(run.code, 0, describe(run))
    assert.equal(run.ids('fail'), [])
  })
})

test('v2beta1 over wss, with every client evicted at once', async () => {
  await runFit(['blue-green-v5-quick', ...secure('wss', V5), '--fault', 'all-at-once'], (run) => {
    assert.is(run.code, 1, describe(run))
    assert.ok(run.ids('fail').includes('eviction-envelope'), describe(run))
  })
})

test('v1beta4 over mqtts', async () => {
  await runFit(['blue-green-quick', ...secure('mqtts', V4)], (run) => {
    assert.is(run.code, 0, describe(run))
    assert.equal(run.ids('fail'), [])
  })
})

test.run()
