import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { repaired } from '#weir/assertions/verdict/repaired-history.ts'
import { CLIENT_EVENT_KINDS } from '#weir/facts/index.ts'
import { type ClientEventRow, fleetOf, type RunRecord, recordOf } from '#weir/record/index.ts'
import { settingsOf, simulate } from '../../simulator/index.ts'

const S = 1e9
const STOP = 100 * S

function recordWith(rows: ClientEventRow[]): RunRecord {
  return recordOf({
    parameters: settingsOf(1).parameters,
    fleet: fleetOf(1, [{ name: 'clean', protocol: '5', persistent: false, subscribed: false }]),
    clients: rows,
    events: [{ t: STOP, type: 'mark', name: 'fleet-stopping' }],
  })
}

const row = (seconds: number, kind: ClientEventRow['kind']): ClientEventRow => ({
  t: seconds * S,
  client: 0,
  kind,
})
const kinds = (record: RunRecord | undefined) =>
  record ? [...record.clients.kind].map((kind) => CLIENT_EVENT_KINDS[kind]).join(' ') : 'nothing missing'

const WHOLE = [
  row(1, 'attempt'),
  row(1.1, 'connected'),
  row(50, 'disconnected'),
  row(51, 'attempt'),
  row(51.1, 'connected'),
]

test('a whole history needs nothing', () => {
  assert.is(repaired(recordWith(WHOLE)), undefined)
  assert.is(repaired(simulate(settingsOf(2))), undefined)
})

test('any one row that is missing is put back as what it was', () => {
  for (let gone = 0; gone < WHOLE.length; gone++) {
    const whole = repaired(recordWith(WHOLE.filter((_, i) => i !== gone)))
    assert.is(whole?.missing, 1, `without row ${gone}`)
    assert.is(kinds(whole?.record), 'attempt connected disconnected attempt connected', `without row ${gone}`)
    const { t } = whole?.record.clients ?? { t: [] }
    for (let i = 1; i < t.length; i++) assert.ok((t[i] ?? 0) >= (t[i - 1] ?? 0), 'in order of time')
  }
})

/** A fleet of 3,000 that came back and left in the end; every hundredth lacks the row of its last connection, the first `silent` all rows since it was offline. */
function tornFleet(silent: number): RunRecord {
  const clients = 3000
  const left = row(STOP / S + 1, 'left')
  const rows = Array.from({ length: clients }, (_, client) => {
    const whole = [...WHOLE, left]
    const kept = client < silent ? 3 : client % 100 === 99 ? 4 : 5
    return [...whole.slice(0, kept), ...(client < silent ? [] : [left])].map((one) => ({ ...one, client }))
  })
  return recordOf({
    parameters: settingsOf(1).parameters,
    fleet: fleetOf(clients, [{ name: 'clean', protocol: '5', persistent: false, subscribed: false }]),
    clients: rows.flat().sort((a, b) => a.t - b.t),
    events: [{ t: STOP, type: 'mark', name: 'fleet-stopping' }],
  })
}

test('where many rows are missing, one client may have lost its last three by accident; a few together have not', () => {
  const putBack = (record: RunRecord) => repaired(record)!.missing
  assert.is(putBack(tornFleet(0)), 30)
  assert.is(putBack(tornFleet(1)), 32, 'its attempt and its connection are put back')
  assert.is(putBack(tornFleet(3)), 30, 'clients that are lost stay lost')
})

test('a client that was turned away may wait as long as its policy likes: nothing is missing', () => {
  const waiting = [
    row(1, 'attempt'),
    row(1.1, 'connected'),
    row(10, 'disconnected'),
    row(11, 'attempt'),
    row(11.1, 'refused'),
  ]
  assert.is(repaired(recordWith(waiting)), undefined)
})

test('a client that gave up, stays away or left is where it says', () => {
  for (const last of ['gave-up', 'away', 'left'] as const) {
    const rows = last === 'left' ? WHOLE : WHOLE.slice(0, 3)
    assert.is(repaired(recordWith([...rows, row(60, last)])), undefined, last)
  }
})

test('subscriptions are no part of the grammar: they stay, and hide nothing that is missing', () => {
  const rows = [
    ...WHOLE.slice(0, 2),
    row(1.2, 'subscribed'),
    ...WHOLE.slice(2),
    row(51.2, 'subscribe-refused'),
  ]
  assert.is(repaired(recordWith(rows)), undefined)
  const without = repaired(recordWith(rows.filter((_, i) => i !== 1)))
  assert.is(
    kinds(without?.record),
    'attempt connected subscribed disconnected attempt connected subscribe-refused',
  )
})

test('a recording without attempts, made by another tool, has another grammar', () => {
  assert.is(
    repaired(recordWith([row(1, 'connected'), row(50, 'disconnected'), row(51.1, 'connected')])),
    undefined,
  )
})

test.run()
