import { fileURLToPath } from 'node:url'
import { type Peer, taskWords } from '../peer.ts'

const script = fileURLToPath(import.meta.resolve('#weir/tools/compare/peers/mqttjs-client.ts'))

/** MQTT.js objects, on this same Node. */
export const mqttjs: Peer = {
  name: 'MQTT.js',
  missing: async () => undefined,
  command: (task) => [process.execPath, script, ...taskWords(task)],
}
