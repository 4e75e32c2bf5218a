import type { IPublishPacket, MqttClient, Packet } from 'mqtt'
import type { Client } from './client.ts'

/** Who hears what the package says of a client. */
export interface Owner {
  onReconnect(client: Client, mqtt: MqttClient): void
  /** TCP is connected; a TLS handshake may follow. Not called for WebSockets. */
  onTcp(client: Client): void
  /** The stream of this attempt stands, with TLS and WebSocket handshakes done. */
  onTransport(client: Client): void
  onPacket(client: Client, packet: Packet): void
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
