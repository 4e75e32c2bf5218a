import { fileURLToPath } from 'node:url'
import type { Peer } from '../peer.ts'

const script = fileURLToPath(new URL('./mqttjs-client.ts', import.meta.url))

/** MQTT.js objects, on this same Node. */
export const mqttjs: Peer = {
  name: 'MQTT.js',
  missing: async () => undefined,
  command(task) {
    if (task.kind === 'connect')
      return [process.execPath, script, 'connect', String(task.port), String(task.clients)]
    const { port, clients, messages, payloadBytes, inFlight } = task
    return [
      process.execPath,
      script,
      'publish',
      ...[port, clients, messages, payloadBytes, inFlight].map(String),
    ]
  },
}
