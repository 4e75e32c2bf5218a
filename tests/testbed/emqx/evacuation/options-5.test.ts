import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readOptions5 } from '#weir/testbed/emqx/evacuation/options.ts'

const KNOWN = ['emqx@a', 'emqx@b', 'emqx@evacuating']
const nodes = {
  isKnown: (name: string) => KNOWN.includes(name),
  isAvailable: (name: string) => name !== 'emqx@evacuating' && KNOWN.includes(name),
}

const read = (body: unknown) => readOptions5(body, nodes, 60)

function options(body: unknown) {
  const checked = read(body)
  if ('code' in checked) throw new Error(checked.message)
  return checked.options
}

function refusal(body: unknown) {
  const checked = read(body)
  return 'code' in checked ? checked : undefined
}

test("what nobody names is EMQX's own: 500, 500, a minute, a minute, everybody", () => {
  assert.equal(options({}), {
    connEvictRate: 500,
    sessEvictRate: 500,
    waitTakeoverSeconds: 60,
    waitHealthCheckSeconds: 60,
    migrateTo: undefined,
    serverReference: undefined,
  })
})

test('waits are whole seconds or durations, and may be nothing', () => {
  for (const [given, seconds] of [
    [0, 0],
    [15, 15],
    ['15s', 15],
    ['0s', 0],
    ['1m30s', 90],
    ['2h', 7200],
    ['1500ms', 1],
    ['1d', 86_400],
  ] as const) {
    const both = options({ wait_health_check: given, wait_takeover: given })
    assert.equal([both.waitHealthCheckSeconds, both.waitTakeoverSeconds], [seconds, seconds], String(given))
  }
  for (const wrong of [-1, 1.5, 'soon', '', '5', null, true, ['5s']])
    assert.is(refusal({ wait_takeover: wrong })?.code, 'BAD_REQUEST', JSON.stringify(wrong))
})

test('redirect_to is taken and not used', () => {
  assert.is(options({ redirect_to: '127.0.0.2:1883' }).serverReference, undefined)
  assert.is(options({ redirect_to: 5 }).serverReference, undefined)
  assert.is(refusal({ redirect_to: true })?.code, 'BAD_REQUEST')
})

test('recipients are members that do not evacuate; the operator names them all', () => {
  assert.equal(options({ migrate_to: ['emqx@a', 'emqx@b'] }).migrateTo, ['emqx@a', 'emqx@b'])
  assert.equal(refusal({ migrate_to: ['emqx@a', 'emqx@x', 'emqx@y'] }), {
    code: 'BAD_REQUEST',
    message: 'Invalid nodes: [<<"emqx@x">>,<<"emqx@y">>]',
  })
  assert.equal(refusal({ migrate_to: ['emqx@evacuating', 'emqx@a'] }), {
    code: 'NOT_FOUND',
    message: "Nodes unavailable: ['emqx@evacuating']",
  })
  assert.is(refusal({ migrate_to: 'emqx@a' })?.code, 'BAD_REQUEST')
})

test('rates are positive whole numbers, and a body is an object', () => {
  for (const rate of [0, -5, 1.5, '10', null])
    for (const name of ['conn_evict_rate', 'sess_evict_rate'])
      assert.ok(refusal({ [name]: rate })?.message.includes(`root.${name}`), `${name} ${rate}`)
  assert.equal(
    [options({ conn_evict_rate: 7 }).connEvictRate, options({ sess_evict_rate: 8 }).sessEvictRate],
    [7, 8],
  )
  assert.is(refusal([])?.code, 'BAD_REQUEST')
  assert.is(refusal('x')?.code, 'BAD_REQUEST')
})

test.run()
