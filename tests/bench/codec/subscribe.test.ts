import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeSubscribe } from '#weir/bench/codec/subscribe.ts'
import * as arbitrary from '../support/arbitrary-requests.ts'
import { parsedOne, versionOf } from '../support/mqtt-packet.ts'

const filters = fc.array(arbitrary.subscription, { minLength: 1, maxLength: 5 })
const identifier = fc.option(fc.integer({ min: 1, max: 268_435_455 }), { nil: undefined })

test('SUBSCRIBE with several filters, their options, and an identifier', () => {
  fc.assert(
    fc.property(arbitrary.protocol, arbitrary.packetId, filters, identifier, (protocol, id, list, number) => {
      const asked = number === undefined ? list : list.map((filter) => ({ ...filter, identifier: number }))
      const packet = parsedOne('subscribe', writeSubscribe(protocol, id, asked), versionOf(protocol))
      assert.is(packet.messageId, id)
      assert.is(packet.properties?.subscriptionIdentifier, protocol === '5' ? number : undefined)
      assert.equal(
        packet.subscriptions.map(({ topic, qos, nl, rap, rh }) => ({ topic, qos, nl, rap, rh })),
        list.map(({ topic, qos, noLocal, retainAsPublished, retainHandling }) => ({
          topic,
          qos,
          ...(protocol === '5'
            ? { nl: noLocal ?? false, rap: retainAsPublished ?? false, rh: retainHandling ?? 0 }
            : { nl: undefined, rap: undefined, rh: undefined }),
        })),
      )
    }),
  )
})

test.run()
