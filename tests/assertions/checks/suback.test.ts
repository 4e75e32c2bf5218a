import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { ClientEventRow, RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { S } from './made-events.ts'
import { type Changes, madeRun } from './made-run.ts'

/** Clients of the made run without a session: every other one. */
const isClean = (client: number) => client % 2 === 1
const honest = viewOf(madeRun()).connections

/** The made run, whose clean clients subscribe after each connect; `answer` makes the row of each SUBACK. */
function subscribing(
  answer: (client: number, connectedT: number) => ClientEventRow | undefined,
  changes: Changes = {},
): RunRecord {
  const rows: ClientEventRow[] = []
  for (let i = 0; i < honest.length; i++) {
    const client = honest.client[i]!
    const row = isClean(client) ? answer(client, honest.from[i]!) : undefined
    if (row) rows.push(row)
  }
  const record = madeRun({ ...changes, moreClients: rows })
  const groups = record.fleet.groups.map((group) => ({ ...group, subscribed: true }))
  return { ...record, fleet: { ...record.fleet, groups } }
}

const after = (ns: number) => (client: number, t: number) =>
  ({ t: t + ns, client, kind: 'subscribed' }) as const

const found = (record: RunRecord) => judge(record, { asserts: [{ id: 'suback' }] }).findings[0]!

test('answers within two seconds pass, whether a session was kept or not', () => {
  const { outcome, figures } = found(subscribing(after(0.5 * S)))
  assert.is(outcome, 'pass')
  assert.is(figures.maxSeconds, 0.5)
  assert.is(figures.subscribed, 150, 'only clients without a session subscribe again')
})

test('one answer after three seconds fails, and names the client', () => {
  const record = subscribing((client, t) => after(client === 31 ? 3 * S : 0.5 * S)(client, t))
  const { outcome, sentence, figures } = found(record)
  assert.is(outcome, 'fail')
  assert.match(sentence, /c31\b/)
  assert.is(figures.late, 1)
})

test('another bound may be set', () => {
  const record = subscribing(after(3 * S))
  const [finding] = judge(record, { asserts: [{ id: 'suback', bounds: { mostSeconds: 4 } }] }).findings
  assert.is(finding!.outcome, 'pass')
})

test('a refusal fails, however soon it comes', () => {
  const record = subscribing((client, t) =>
    client === 7 ? { t: t + 1e6, client, kind: 'subscribe-refused', code: 0x87 } : after(1e6)(client, t),
  )
  assert.is(found(record).outcome, 'fail')
  assert.is(found(record).figures.refused, 1)
})

test('an answer that is missing stays open: the row may be lost', () => {
  const record = subscribing((client, t) => (client === 7 ? undefined : after(1e6)(client, t)))
  assert.is(found(record).outcome, 'inconclusive')
  assert.is(found(record).figures.unanswered, 1)
})

test('what a stall of the harness explains is no failure', () => {
  const record = subscribing(after(3 * S), { health: { loopDelayMaxMs: 1500 } })
  assert.is.not(found(record).outcome, 'fail')
})

test('a stall that explains every answer proves none of them', () => {
  const { outcome, sentence } = found(subscribing(after(2.8 * S), { health: { loopDelayMaxMs: 900 } }))
  assert.is(outcome, 'inconclusive')
  assert.match(sentence, /150 SUBACKs came up to 0\.8 s too late, which the harness's own delay may explain/)
  const one = subscribing((client, t) => after(client === 31 ? 2.8 * S : S)(client, t), {
    health: { loopDelayMaxMs: 900 },
  })
  assert.is(found(one).outcome, 'pass')
})

test('nothing granted is not a time', () => {
  const refused = subscribing((client, t) => ({ t: t + 3 * S, client, kind: 'subscribe-unanswered' }))
  assert.is(found(refused).measured, 'no subscription was granted')
})

test('an answer that never came fails: the generator recorded that', () => {
  const record = subscribing((client, t) =>
    client === 7 ? { t: t + 3 * S, client, kind: 'subscribe-unanswered' } : after(1e6)(client, t),
  )
  const { outcome, sentence } = found(record)
  assert.is(outcome, 'fail')
  assert.match(sentence, /c7\b.*had none after 3.0 s/)
})

test('a connection that ended soon after owes no answer', () => {
  const record = subscribing((client, t) =>
    client === 7 ? { t: t + 1e6, client, kind: 'subscribe-unanswered' } : after(1e6)(client, t),
  )
  assert.is(found(record).outcome, 'pass')
})

test('a fleet in which nobody subscribes leaves it open', () => {
  const record = madeRun()
  const groups = record.fleet.groups.map((group) => ({ ...group, subscribed: false }))
  assert.is(found({ ...record, fleet: { ...record.fleet, groups } }).outcome, 'inconclusive')
})

test.run()
