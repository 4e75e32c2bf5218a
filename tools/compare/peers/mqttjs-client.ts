/**
 * The `mqtt` package as an application would use it, for many clients: 64 connects in flight like all peers here, and its
 * own reconnecting.
 *
 * usage: mqttjs-client.ts connect PORT CLIENTS
 *        mqttjs-client.ts publish PORT CLIENTS MESSAGES PAYLOAD_BYTES IN_FLIGHT
 */
import { connect, type MqttClient } from 'mqtt'

const CONNECTS_IN_FLIGHT = 64

const [task, ...numbers] = process.argv.slice(2)
const [port, clients, messages = 0, payloadBytes = 0, inFlight = 1] = numbers.map(Number)
let opened = 0
let sent = 0
let acknowledged = 0

function openNext(): void {
  if (opened === clients) return
  const index = opened++
  const client = connect({
    host: '127.0.0.1',
    port: port!,
    protocolVersion: 5,
    clientId: `mqttjs_${index}`,
    keepalive: 60,
    reconnectPeriod: 1000,
  })
  client.on('error', () => undefined)
  client.once('connect', () => {
    openNext()
    if (task === 'publish') for (let i = 0; i < inFlight; i++) publish(client, index)
  })
}

const payload = Buffer.alloc(payloadBytes, 'x')

function publish(client: MqttClient, index: number): void {
  if (sent === messages) return
  sent++
  client.publish(`weir/${index}`, payload, { qos: 1 }, () => {
    acknowledged++
    if (acknowledged === messages) process.exit(0)
    publish(client, index)
  })
}

for (let i = 0; i < CONNECTS_IN_FLIGHT; i++) openNext()
