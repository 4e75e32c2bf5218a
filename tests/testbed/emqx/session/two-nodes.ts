import type { ISubscribePacket } from 'mqtt-packet'
import type { EmqxNode } from '#weir/testbed/emqx/index.ts'
import { VirtualClock } from '../../runtime/virtual-clock.ts'
import { testbed } from '../support/nodes.ts'
import type { ConnectOptions, RawClient } from '../support/raw-client.ts'
import { until } from '../support/until.ts'

export const payloads = (client: RawClient) => client.of('publish').map(({ payload }) => `${payload}`)

/** An old and a new node of one cluster. */
export async function twoNodes(clock?: VirtualClock, version = '4.4.19') {
  const bed = testbed(clock && { clock })
  const [blue, green] = [
    await bed.start('emqx-ee-blue-0', { version }),
    await bed.start('emqx-ee-green-0', { version }),
  ]
  return { ...bed, blue, green }
}

/** The same on a clock that moves when it is told to. */
export async function pair(version = '5.8.9') {
  const clock = new VirtualClock()
  return { ...(await twoNodes(clock, version)), clock }
}

export const persistent = (clientId: string, properties: object = {}): ConnectOptions => ({
  clientId,
  clean: false,
  properties: { sessionExpiryInterval: 7200, ...properties },
})

export async function away(node: EmqxNode, client: RawClient): Promise<void> {
  const before = node.core.live.size
  client.close()
  await until(() => node.core.live.size === before - 1)
}

export interface Said {
  topic?: string
  qos?: 0 | 1 | 2
  retain?: boolean
  id?: number
  dup?: boolean
  properties?: object
}

export function publish(client: RawClient, payload: string, said: Said = {}): void {
  const { topic = 't', qos = 0, retain = false, id = 1, dup = false, properties } = said
  client.send({
    cmd: 'publish',
    topic,
    payload,
    qos,
    retain,
    dup,
    ...(qos > 0 && { messageId: id }),
    ...(properties !== undefined && { properties }),
  })
}

export async function subscribe(
  client: RawClient,
  subscription: Partial<ISubscribePacket['subscriptions'][number]>,
  properties: ISubscribePacket['properties'] = {},
): Promise<void> {
  const before = client.of('suback').length
  client.send({
    cmd: 'subscribe',
    messageId: 9000 + before,
    subscriptions: [{ topic: 't', qos: 0, ...subscription }],
    properties: { ...properties },
  })
  await client.wait('suback', before + 1)
}

/** Everything that was sent to the client before this has arrived. */
export async function settled(client: RawClient): Promise<void> {
  const before = client.of('pingresp').length
  client.send({ cmd: 'pingreq' })
  await client.wait('pingresp', before + 1)
}
