/** When publishers that wait for each other begin, where not everybody comes. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EngineName } from '#weir/bench/types.ts'
import type { Visit } from '../support/fake-broker.ts'
import { Relay } from '../support/relay.ts'
import { published, publisher, startTraffic, subscriber } from '../support/traffic-fleet.ts'
import { until } from '../support/until.ts'

const NOT_AUTHORIZED = 0x87
const SECOND = 'c1'

const refuseSecond = (visit: Visit) =>
  visit.connect.clientId === SECOND ? visit.refuse(NOT_AUTHORIZED) : visit.accept()

for (const engine of ['lean', 'mqttjs'] as const satisfies EngineName[]) {
  test(`${engine}: a client that gave up stops nobody’s messages`, async () => {
    const relay = await Relay.start({ onConnect: refuseSecond })
    const { fleet, finish } = await startTraffic([relay.target], {
      engine,
      trafficStart: 'when-all-ready',
      reconnect: { kind: 'fixed', baseMs: 10, tries: 1 },
      groups: [publisher()],
    })
    await published(fleet, 10)
    assert.is(fleet.counters().gaveUp, 1)
    await finish()
    await relay.close()
  })

  test(`${engine}: nor does a subscription that is refused`, async () => {
    const relay = await Relay.start({
      onPacket(visit, packet) {
        if (packet.cmd === 'subscribe')
          visit.send({ cmd: 'suback', messageId: packet.messageId, granted: [NOT_AUTHORIZED] })
        else Relay.prototype.onPacket.call(relay, visit, packet)
      },
    })
    const { fleet, finish } = await startTraffic([relay.target], {
      engine,
      groups: [publisher(), subscriber()],
    })
    await published(fleet, 20)
    assert.is(fleet.counters().subscribed, 0)
    await finish()
    await relay.close()
  })

  test(`${engine}: who waits until all have tried does not wait for one that never gets in`, async () => {
    const relay = await Relay.start({ onConnect: refuseSecond })
    const { fleet, finish } = await startTraffic([relay.target], {
      engine,
      trafficStart: 'when-all-tried',
      reconnect: { kind: 'fixed', baseMs: 10 },
      groups: [publisher()],
    })
    await published(fleet, 10)
    assert.is(fleet.counters().gaveUp, 0)
    await finish()
    await relay.close()
  })

  test(`${engine}: nobody begins before the last has tried`, async () => {
    const relay = await Relay.start({ onConnect: () => undefined })
    const { fleet, finish } = await startTraffic([relay.target], {
      engine,
      trafficStart: 'when-all-tried',
      reconnect: { kind: 'fixed', baseMs: 10 },
      groups: [publisher()],
    })
    const came = (id: string) => relay.visits.find((visit) => visit.connect?.clientId === id)
    await until('both ask to come in', () => Boolean(came('c0') && came(SECOND)))
    came('c0')!.accept()
    await until('the first is online', () => fleet.counters().online === 1)
    assert.is(fleet.counters().published, 0)
    came(SECOND)!.refuse(NOT_AUTHORIZED)
    await until('the second was refused', () => fleet.counters().refused === 1)
    await published(fleet, 10)
    await finish()
    await relay.close()
  })
}

test.run()
