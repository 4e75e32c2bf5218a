import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EmqxApiError } from '#weir/cluster/emqx/api-error.ts'
import { PageLimit, readClients } from '#weir/cluster/emqx/clients.ts'

const rows = (from: number, to: number, connected = true) =>
  Array.from({ length: to - from }, (_, i) => ({ clientid: `c${from + i}`, connected }))

const pages =
  (...answers: Awaited<ReturnType<Parameters<typeof readClients>[2]>>[]) =>
  async (number: number) =>
    answers[number - 1]!

test('all pages, connected and detached apart', async () => {
  const listing = await readClients(
    'c',
    new PageLimit(),
    pages(
      { meta: { count: 5, hasnext: true }, data: rows(0, 3) },
      { meta: { count: 5, hasnext: false }, data: rows(3, 5, false) },
    ),
  )
  assert.equal(listing, { connected: ['c0', 'c1', 'c2'], detached: ['c3', 'c4'], complete: true })
})

test('an empty node', async () => {
  assert.equal(
    await readClients('c', new PageLimit(), pages({ meta: { count: 0, hasnext: false }, data: [] })),
    {
      connected: [],
      detached: [],
      complete: true,
    },
  )
})

test('a total that changes between pages makes the listing incomplete', async () => {
  const { complete } = await readClients(
    'c',
    new PageLimit(),
    pages(
      { meta: { count: 5, hasnext: true }, data: rows(0, 3) },
      { meta: { count: 4, hasnext: false }, data: rows(3, 5) },
    ),
  )
  assert.is(complete, false)
})

test('so does an id that comes twice, and it is told once', async () => {
  const { connected, complete } = await readClients(
    'c',
    new PageLimit(),
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
    (await readClients('c', new PageLimit(), pages({ meta: { count: 9, hasnext: false }, data: rows(0, 3) })))
      .complete,
    false,
  )
})

test('a later page that fails leaves an incomplete listing; a first page that fails is an error', async () => {
  const failing = (bad: number) => async (number: number) => {
    if (number === bad) throw new EmqxApiError('gone', 500)
    return { meta: { count: 5, hasnext: true }, data: rows(0, 3) }
  }
  const partial = await readClients('c', new PageLimit(), failing(2))
  assert.is(partial.connected.length, 3)
  assert.is(partial.complete, false)
  let thrown: unknown
  await readClients('c', new PageLimit(), failing(1)).catch((error: unknown) => {
    thrown = error
  })
  assert.instance(thrown, EmqxApiError)
})

test('only ids that begin with the prefix are kept: EMQX finds it anywhere, and older releases ignore it', async () => {
  const found = ['weir-a1-0', 'other', 'old-weir-a1-1', 'weir-a1-2'].map((clientid, i) => ({
    clientid,
    connected: i < 2,
  }))
  const listing = await readClients(
    'weir-a1-',
    new PageLimit(),
    pages({ meta: { hasnext: false }, data: found }),
  )
  assert.equal(listing, { connected: ['weir-a1-0'], detached: ['weir-a1-2'], complete: true })
})

test('one page of a search has no total and is whole; several may have lost a client between them', async () => {
  for (const count of [undefined, -1]) {
    const meta = count === undefined ? {} : { count }
    const one = pages({ meta: { ...meta, hasnext: false }, data: rows(0, 3) })
    assert.is((await readClients('c', new PageLimit(), one)).complete, true)
    const two = pages(
      { meta: { ...meta, hasnext: true }, data: rows(0, 3) },
      { meta: { ...meta, hasnext: false }, data: rows(3, 5) },
    )
    const { connected, complete } = await readClients('c', new PageLimit(), two)
    assert.is(connected.length, 5)
    assert.is(complete, false)
  }
})

test('a node that takes fewer rows is asked for fewer, from then on', async () => {
  const limit = new PageLimit()
  const asked: [number, number][] = []
  const emqx54 = async (number: number, rowsWanted: number) => {
    asked.push([number, rowsWanted])
    if (rowsWanted > 1000) throw new EmqxApiError('HTTP 400', 400)
    return { meta: { hasnext: number === 1 }, data: rows((number - 1) * 2, number * 2) }
  }
  const { connected } = await readClients('c', limit, emqx54)
  assert.equal(connected, ['c0', 'c1', 'c2', 'c3'])
  await readClients('c', limit, emqx54)
  assert.equal(asked, [[1, 10_000], ...[1, 2, 1, 2].map((page) => [page, 1000])])
  const refusing = () => Promise.reject(new EmqxApiError('HTTP 400', 400))
  const error = await readClients('c', new PageLimit(), refusing).catch((e: unknown) => e)
  assert.instance(error, EmqxApiError)
})

test.run()
