import type { MqttClient } from 'mqtt'
import type { ClientAccess, Target } from '../types.ts'
import type { Connect } from './single-client.ts'

const GOODBYE_MS = 2000

/**
 * One round trip: connect as `clientId`, subscribe to a topic of its own, publish QoS 1, wait for acknowledgement and
 * message, disconnect. Rejects with the first error; `signal` cancels. The disconnect is not part of the measured time.
 */
export async function roundTrip(
  connect: Connect,
  { target, access }: { target: Target; access?: ClientAccess | undefined },
  clientId: string,
  signal: AbortSignal,
): Promise<void> {
  const client = connect(target, access, {
    protocolVersion: 5,
    clientId,
    clean: true,
    // One try: reconnects are measured by the fleet.
    reconnectPeriod: 0,
    // The signal is the only time limit.
    connectTimeout: 2 ** 30,
  })
  const broken = Promise.withResolvers<never>()
  const aborted = () => broken.reject(signal.reason)
  signal.addEventListener('abort', aborted)
  client.on('error', broken.reject)
  // The package keeps some of its stream's errors to itself, e.g. a refused WebSocket.
  client.stream.on('error', broken.reject)
  client.on('close', () => broken.reject(new Error('the broker closed the connection')))
  client.on('disconnect', ({ reasonCode }) =>
    broken.reject(
      new Error(`the broker sent DISCONNECT 0x${(reasonCode ?? 0).toString(16).padStart(2, '0')}`),
    ),
  )
  try {
    if (signal.aborted) throw signal.reason
    await Promise.race([converse(client, `weir/probe/${clientId}`), broken.promise])
  } finally {
    signal.removeEventListener('abort', aborted)
    broken.promise.catch(() => undefined)
    sayGoodbye(client)
  }
}

/** DISCONNECT where there is a connection to send it on; a broker that never closes its side may not hold the process. */
function sayGoodbye(client: MqttClient): void {
  const { stream } = client
  client.end(!client.connected)
  setTimeout(() => stream.destroy(), GOODBYE_MS).unref()
}

async function converse(client: MqttClient, topic: string): Promise<void> {
  await once(client, 'connect')
  await client.subscribeAsync(topic, { qos: 1 })
  const message = once(client, 'message')
  await client.publishAsync(topic, 'probe', { qos: 1 })
  await message
}

function once(client: MqttClient, event: 'connect' | 'message'): Promise<void> {
  return new Promise((resolve) => client.once(event, () => resolve()))
}
