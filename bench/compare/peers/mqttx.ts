import type { Peer } from '../peer.ts'
import { notOnPath } from './on-path.ts'

/** MQTTX CLI. It has no bound on messages in flight, and its interval of publishing is at least a millisecond. */
export const mqttx: Peer = {
  name: 'MQTTX CLI',
  missing: async () => notOnPath('mqttx'),
  command(task) {
    const common = [
      '-h',
      '127.0.0.1',
      '-p',
      String(task.port),
      '-c',
      String(task.clients),
      '-i',
      '0',
      '-k',
      '60',
    ]
    if (task.kind === 'connect') return ['mqttx', 'bench', 'conn', ...common]
    const { messages, payloadBytes } = task
    return [
      ...['mqttx', 'bench', 'pub', ...common, '-t', 'weir/%i', '-q', '1', '-im', '1'],
      ...['-L', String(messages), '-S', `${payloadBytes}B`],
    ]
  },
}
