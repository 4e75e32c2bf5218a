import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EmqxApiError } from '#weir/cluster/emqx/api-error.ts'
import { readClients } from '#weir/cluster/emqx/clients.ts'

const rows = (from: number, to: number, connected = true) =>
  Array.from({ length: to - from }, (_, i) => ({ clientid: `c${from + i}`, connected }))

const pages =
  (...answers: Awaited<ReturnType<Parameters<typeof readClients>[0]>>[]) =>
  async (number: number) =>
    answers[number - 1]!

test('all pages, connected and detached apart', async () => {
  const listing = await readClients(
    pages(
      { meta: { count: 5, hasnext: true }, data: rows(0, 3) },
      { meta: { count: 5, hasnext: false }, data: rows(3, 5, false) },
    ),
  )
  assert.equal(listing, { connected: ['c0', 'c1', 'c2'], detached: ['c3', 'c4'], complete: true })
})

test('an empty node', async () => {
  assert.equal(await readClients(pages({ meta: { count: 0, hasnext: false }, data: [] })), {
    connected: [],
    detached: [],
    complete: true,
  })
})

test('a total that changes between pages makes the listing incomplete', async () => {
  const { complete } = await readClients(
    pages(
      { meta: { count: 5, hasnext: true }, data: rows(0, 3) },
      { meta: { count: 4, hasnext: false }, data: rows(3, 5) },
    ),
  )
  assert.is(complete, false)
})

test('so does an id that comes twice, and it is told once', async () => {
  const { connected, complete } = await readClients(
    pages(
      { meta: { count: 5, hasnext: true }, data: rows(0, 3) },
      { meta: { count: 5, hasnext: false }, data: rows(2, 4) },
    ),
  )
  assert.equal(connected, ['c0', 'c1', 'c2', 'c3'])
  assert.is(complete, false)
})

test('so does a list that is shorter than its total', async () => {
  assert.is(
    (await readClients(pages({ meta: { count: 9, hasnext: false }, data: rows(0, 3) }))).complete,
    false,
  )
})

test('a later page that fails leaves an incomplete listing; a first page that fails is an error', async () => {
  const failing = (bad: number) => async (number: number) => {
    if (number === bad) throw new EmqxApiError('gone', 500)
    return { meta: { count: 5, hasnext: true }, data: rows(0, 3) }
  }
  const partial = await readClients(failing(2))
  assert.is(partial.connected.length, 3)
  assert.is(partial.complete, false)
  let thrown: unknown
  await readClients(failing(1)).catch((error: unknown) => {
    thrown = error
  })
  assert.instance(thrown, EmqxApiError)
})

test.run()
