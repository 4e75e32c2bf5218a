import { commonFlags, notOnPath, type Peer } from '../peer.ts'

/** EMQX's own load tool. Its reconnects are off by default, and its -L is a limit for all clients together. */
export const emqttBench: Peer = {
  name: 'emqtt-bench',
  missing: async () => notOnPath('emqtt_bench'),
  command(task) {
    if (task.kind === 'connect') return ['emqtt_bench', 'conn', ...commonFlags(task), '--reconnect', '1000']
    const { messages, payloadBytes, inFlight } = task
    const traffic = ['-t', 'weir/%i', '-q', '1', '-I', '0', '-L', String(messages)]
    const shape = ['-s', String(payloadBytes), '-F', String(inFlight)]
    return ['emqtt_bench', 'pub', ...commonFlags(task), ...traffic, ...shape]
  },
}
