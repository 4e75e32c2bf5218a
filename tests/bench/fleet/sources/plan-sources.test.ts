import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { planSources, type SourceQuestion } from '#weir/bench/fleet/sources/plan-sources.ts'
import { WeirError } from '#weir/errors/index.ts'

const loopback = (port = 1883) => ({ host: 'localhost', address: '127.0.0.1', port })
const elsewhere = (port = 1883) => ({ host: 'broker.example', address: '192.0.2.9', port })
const plan = (question: Partial<SourceQuestion>) =>
  planSources({ clients: 1000, targets: [loopback()], ports: 28_232, own: [], ...question })

test('none in particular as long as the kernel finds ports at once, for each target by itself', () => {
  assert.equal(plan({ clients: 11_998 }), {})
  assert.equal(plan({ clients: 35_000, targets: [loopback(1), loopback(2), loopback(3)] }), {})
  assert.equal(plan({ clients: 11_998, targets: [elsewhere()] }), {})
})

test('the same target twice is one', () => {
  assert.ok(plan({ clients: 20_000, targets: [loopback(), loopback()] }).addresses)
})

test('on loopback several addresses of 127.0.0.0/8, so that each has ports that are found at once', () => {
  assert.equal(plan({ clients: 12_000 }).addresses, ['127.0.0.2', '127.0.0.3', '127.0.0.4'])
  const { addresses, warning } = plan({ clients: 60_000, targets: [1, 2, 3, 4].map(loopback) })
  assert.is(addresses!.length, 11)
  assert.is(warning, undefined)
})

test("elsewhere this machine's own addresses on the way there, if they are several", () => {
  const own = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4']
  assert.equal(plan({ clients: 15_000, targets: [elsewhere()], own }).addresses, own.slice(0, 3))
  const alone = plan({ clients: 15_000, targets: [elsewhere()], own: own.slice(0, 1) })
  assert.is(alone.addresses, undefined)
  assert.match(alone.warning!, /15000 connections to broker.example:1883 from one address: above 11998/)
})

test('two addresses are taken where the ports of one do not suffice at all', () => {
  const own = ['192.0.2.1', '192.0.2.2']
  const { addresses, warning } = plan({ clients: 40_000, targets: [elsewhere()], own })
  assert.equal(addresses, own)
  assert.match(warning!, /20000 connections per source address/)
})

test('past all ports: refused with what to do', () => {
  refused(
    /30000 connections to broker.example:1883 .* only about 25408 of the \d+ in the range are usable: widen the range/,
    {
      clients: 30_000,
      targets: [elsewhere()],
    },
  )
  refused(
    /60000 clients from source address 127.0.0.9 need 60000 local ports.*use 3 or more source addresses/,
    {
      clients: 60_000,
      chosen: ['127.0.0.9'],
    },
  )
})

test("the user's choice stands, with a warning where it is slow", () => {
  assert.equal(plan({ chosen: ['127.0.0.9'] }), { addresses: ['127.0.0.9'] })
  assert.match(plan({ clients: 10_000, chosen: ['127.0.0.9'] }).warning!, /use 2 source addresses/)
})

test('a system that does not tell its ports is left alone', () => {
  assert.equal(plan({ clients: 100_000, ports: undefined }), {})
  assert.equal(plan({ clients: 100_000, ports: undefined, chosen: ['127.0.0.9'] }), {
    addresses: ['127.0.0.9'],
  })
})

function refused(words: RegExp, question: Partial<SourceQuestion>): void {
  assert.throws(
    () => plan(question),
    (error: unknown) => {
      assert.instance(error, WeirError)
      assert.is((error as WeirError).code, 'WEIR_PORTS')
      assert.match((error as WeirError).message, words)
      return true
    },
  )
}

test.run()
