import type { Peer } from '../peer.ts'
import { notOnPath } from './on-path.ts'

/** EMQX's own load tool. Its reconnects are off by default, and its -L is a limit for all clients together. */
export const emqttBench: Peer = {
  name: 'emqtt-bench',
  missing: async () => notOnPath('emqtt_bench'),
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
    if (task.kind === 'connect') return ['emqtt_bench', 'conn', ...common, '--reconnect', '1000']
    const { messages, payloadBytes, inFlight } = task
    return [
      ...['emqtt_bench', 'pub', ...common, '-t', 'weir/%i', '-q', '1', '-I', '0'],
      ...['-L', String(messages), '-s', String(payloadBytes), '-F', String(inFlight)],
    ]
  },
}
