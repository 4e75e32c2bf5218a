import type { IClientOptions, MqttClient } from 'mqtt'
import type { Connect } from '../probe/single-client.ts'
import type { StoredDataSpec } from './types.ts'

const GOODBYE_MS = 2000

/** What the server did for one client while it was connected. */
export interface Visit {
  client: MqttClient
  sessionPresent: boolean
  /** Payloads that came, by topic, in their order. */
  received: Map<string, string[]>
}

/** A client connects, `converse` has it, and it leaves. Rejects with the first error, and when it takes longer than the spec allows. */
export async function visit<Result>(
  connect: Connect,
  { target, access, timeoutMs }: StoredDataSpec,
  options: Pick<IClientOptions, 'clientId' | 'clean' | 'properties'>,
  converse: (visit: Visit) => Promise<Result>,
): Promise<Result> {
  const client = connect(target, access, {
    ...options,
    protocolVersion: 5,
    reconnectPeriod: 0,
    connectTimeout: timeoutMs,
  })
  const broken = Promise.withResolvers<never>()
  broken.promise.catch(() => undefined)
  client.on('error', broken.reject)
  client.on('close', () => broken.reject(new Error('the broker closed the connection')))
  const limit = setTimeout(
    () => broken.reject(new Error(`no answer of the broker within ${timeoutMs} ms`)),
    timeoutMs,
  )
  const received = new Map<string, string[]>()
  // What waited for the client may come in the same packet as the CONNACK.
  client.on('message', (topic, payload) => {
    const texts = received.get(topic)
    if (texts) texts.push(payload.toString())
    else received.set(topic, [payload.toString()])
  })
  const connected = new Promise<boolean>((resolve) =>
    client.once('connect', ({ sessionPresent }) => resolve(sessionPresent)),
  )
  try {
    const sessionPresent = await Promise.race([connected, broken.promise])
    return await Promise.race([converse({ client, sessionPresent, received }), broken.promise])
  } finally {
    clearTimeout(limit)
    const { stream } = client
    await new Promise<void>((resolve) => {
      client.end(!client.connected, {}, () => resolve())
      setTimeout(() => {
        stream.destroy()
        resolve()
      }, GOODBYE_MS).unref()
    })
  }
}
