import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { progressLine, RateMeter, type Snapshot } from '#weir/bench/command/progress.ts'
import { counters } from './bench-result.ts'

function line(command: Snapshot['command'], changes: Parameters<typeof counters>[0] = {}): string {
  return progressLine({ command, clients: 10, elapsedMs: 2000, counters: counters(changes) }, new RateMeter())
}

test('conn: who is online; troubles only where there are any', () => {
  assert.is(line('conn'), '2 s: 10 of 10 clients online, 10 attempts, 0 in flight')
  assert.is(
    line('conn', { online: 7, refused: 2, gaveUp: 1 }),
    '2 s: 7 of 10 clients online, 10 attempts, 0 in flight, 2 refused, 1 gave up',
  )
})

test('sub: subscriptions and what they bring', () => {
  assert.is(
    line('sub', { subscribed: 10, received: 100 }),
    '2 s: 10 of 10 clients online, 10 attempts, 0 in flight, 10 subscribed; 100 received (50/s)',
  )
})

test('pub: messages and their answers', () => {
  assert.is(
    line('pub', { published: 100, acknowledged: 90 }),
    '2 s: 10 of 10 clients online, 10 attempts, 0 in flight; 100 published (50/s), 90 acknowledged',
  )
})

test.run()
