import { connectAsync } from 'mqtt'
import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { startFleet } from '#weir/bench/index.ts'
import type { EngineName, FleetSpec, Target, TransportProtocol, TransportSpec } from '#weir/bench/types.ts'
import type { ProtocolVersion } from '#weir/facts/index.ts'
import { has, type Program, testWith } from '../../../support/programs.ts'
import { fleetSpec } from '../../support/fleet-spec.ts'
import { History } from '../../support/history.ts'
import { until } from '../../support/until.ts'

const PROTOCOLS: readonly TransportProtocol[] = ['mqtt', 'mqtts', 'ws', 'wss']
const ENGINES: readonly EngineName[] = ['lean', 'mqttjs']
const CLIENTS = 12
/** Many TLS records, many reads, and a WebSocket frame with the longest form of a length. */
const LARGE = Buffer.alloc(200_000, 'x')

/** A broker with a listener of each transport. */
export interface Listeners {
  target(protocol: TransportProtocol): Target
  transport(protocol: TransportProtocol): TransportSpec
  protocol: ProtocolVersion
  stop(): Promise<void>
}

/** Tries every transport with both engines, in worker threads, as users do. `needs` is the program of the broker. */
export function carries(
  name: string,
  needs: Program | undefined,
  open: () => Promise<Listeners>,
  more: (test: Test, broker: () => Listeners) => void = () => undefined,
): void {
  const test = suite(name)
  if (needs && !has(needs)) {
    testWith(needs, test)(name, () => undefined)
    test.run()
    return
  }
  let broker: Listeners
  test.before(async () => {
    broker = await open()
  })
  test.after(() => broker.stop())
  for (const engine of ENGINES)
    for (const protocol of PROTOCOLS)
      test(`${engine} over ${protocol}: a fleet comes, subscribes, gets large messages, and leaves`, async () => {
        const topic = `${engine}/${protocol}`
        const spec = fleetSpec({
          clients: CLIENTS,
          engine,
          workers: 2,
          targets: [broker.target(protocol)],
          transport: broker.transport(protocol),
          groups: [
            {
              name: 'all',
              share: 1,
              protocol: broker.protocol,
              persistent: false,
              subscribe: [{ topic, qos: 1 }],
            },
          ],
        })
        const history = await lives(spec, broker.target('mqtt'), topic)
        assert.is(history.count('connected'), CLIENTS)
        assert.is(history.count('left'), CLIENTS)
        assert.is(history.count('subscribed'), CLIENTS)
        assert.is(history.rows.length, 5 * CLIENTS, 'scheduled, attempt and these three, and nothing else')
      })
  more(test, () => broker)
  test.run()
}

async function lives(spec: FleetSpec, witness: Target, topic: string): Promise<History> {
  const history = new History()
  const fleet = await startFleet(spec, history.add)
  await until('all have subscribed', () => fleet.counters().subscribed === CLIENTS)
  const publisher = await connectAsync({ ...witness, protocol: 'mqtt', protocolVersion: 4 })
  for (let i = 1; i <= 2; i++) {
    await publisher.publishAsync(topic, LARGE, { qos: 1 })
    await until('all have the message', () => fleet.counters().received === i * CLIENTS)
  }
  await publisher.endAsync()
  await fleet.stop()
  return history
}
