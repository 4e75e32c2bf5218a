import type { IPublishPacket, MqttClient, Packet } from 'mqtt'
import type { ClientEventReason } from '#weir/facts/index.ts'
import { failureCode, failureReason } from '../failure-reason.ts'
import type { Client } from './client.ts'

/** Who hears what the package says of a client. */
export interface Owner {
  onReconnect(client: Client, mqtt: MqttClient): void
  /** TCP is connected; a TLS handshake may follow. Not called for WebSockets. */
  onTcp(client: Client): void
  /** The stream of this attempt stands, with TLS and WebSocket handshakes done. */
  onTransport(client: Client): void
  onPacket(client: Client, packet: Packet): void
  onSend(client: Client, packet: Packet): void
  onReady(client: Client, mqtt: MqttClient): void
  /** All subscriptions are granted, or `refusal` is the first code that refuses one (-1: the SUBACK has none). */
  onSubscribed(client: Client, refusal: number | undefined): void
  /** A message as the application gets it: of QoS 2 once it is released. */
  onMessage(client: Client, topic: string, payload: Buffer, packet: IPublishPacket): void
  onError(client: Client, error: Error): void
  /** The stream of this attempt is closed: called once for each. */
  onClose(client: Client): void
}

/** Listens to all that an application could listen to. */
export function listen(mqtt: MqttClient, client: Client, owner: Owner): void {
  mqtt.on('reconnect', () => owner.onReconnect(client, mqtt))
  mqtt.on('packetreceive', (packet) => owner.onPacket(client, packet))
  mqtt.on('packetsend', (packet) => owner.onSend(client, packet))
  mqtt.on('connect', () => owner.onReady(client, mqtt))
  mqtt.on('message', (topic, payload, packet) => owner.onMessage(client, topic, payload, packet))
  mqtt.on('error', (error) => owner.onError(client, error))
  mqtt.on('close', () => owner.onClose(client))
}

/** Listens to the stream of one attempt: the package keeps some of its errors to itself, and when it stood at last. */
export function watchStream(mqtt: MqttClient, client: Client, owner: Owner): void {
  const { stream } = mqtt
  stream.on('error', (error: Error) => owner.onError(client, error))
  const { protocol } = mqtt.options
  if (protocol === 'mqtt' || protocol === 'mqtts') {
    stream.once('connect', () => owner.onTcp(client))
    stream.once(protocol === 'mqtt' ? 'connect' : 'secureConnect', () => owner.onTransport(client))
  }
}

/** What the ws package says of an answer to its handshake that is not 101: it has no code. */
const WEB_SOCKET_REFUSED = /^Unexpected server response: (\d+)$/

/** Whose fault an error is that the package emits: of the socket, of a packet that it could not read, or of its keep-alive. */
export function errorReason(error: Error & { code?: unknown }, connecting: boolean): ClientEventReason {
  if (hasWord(error)) return failureReason(error, connecting)
  // The package gives it no code.
  if (error.message === 'Keepalive timeout') return 'keepalive-timeout'
  return WEB_SOCKET_REFUSED.test(error.message) ? 'ws-refused' : 'protocol-error'
}

/** The number that goes with the reason, as for the other engine: a status of HTTP, an alert of TLS; -1 for none. */
export function errorNumber(error: Error): number {
  const [, status] = WEB_SOCKET_REFUSED.exec(error.message) ?? []
  if (status !== undefined) return Number(status)
  // Codes of the package's own errors are reason codes of MQTT that it found, and no broker sent.
  return hasWord(error) ? failureCode(error) : -1
}

function hasWord(error: Error & { code?: unknown }): error is NodeJS.ErrnoException {
  return typeof error.code === 'string'
}
