/** An update with clients over TLS and WebSocket that have an identity each: it passes, and what is wrong with it is found. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { describe, runFit } from './weir.ts'

/** Five ticks of evictions on each node; more would cost more handshakes and show no more. */
const CLIENTS = 1500

const dir = mkdtempSync(join(tmpdir(), 'weir-secure-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
const users = join(dir, 'users.csv')
const rows = Array.from({ length: CLIENTS }, (_, i) => `user_${i},password_${i}`)
writeFileSync(users, ['username,password', ...rows].join('\n'))

const secure = (protocol: string): string[] => [
  ...['--protocol', protocol, '--insecure', '--credentials', users],
  ...['--set', `fleet.clients=${CLIENTS}`],
]

test('v2beta1 over wss', async () => {
  await runFit(['blue-green-v5-quick', ...secure('wss')], (run) => {
    assert.is(run.code, 0, describe(run))
    assert.equal(run.ids('fail'), [])
  })
})

test('v2beta1 over wss, with every client evicted at once', async () => {
  await runFit(['blue-green-v5-quick', ...secure('wss'), '--fault', 'all-at-once'], (run) => {
    assert.is(run.code, 1, describe(run))
    assert.ok(run.ids('fail').includes('eviction-envelope'), describe(run))
  })
})

test('v1beta4 over mqtts', async () => {
  await runFit(['blue-green-quick', ...secure('mqtts')], (run) => {
    assert.is(run.code, 0, describe(run))
    assert.equal(run.ids('fail'), [])
  })
})

test.run()
