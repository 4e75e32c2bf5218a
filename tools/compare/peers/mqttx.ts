import { commonFlags, notOnPath, type Peer } from '../peer.ts'

/** MQTTX CLI. It has no bound on messages in flight, and its interval of publishing is at least a millisecond. */
export const mqttx: Peer = {
  name: 'MQTTX CLI',
  missing: async () => notOnPath('mqttx'),
  command(task) {
    if (task.kind === 'connect') return ['mqttx', 'bench', 'conn', ...commonFlags(task)]
    const traffic = ['-t', 'weir/%i', '-q', '1', '-im', '1', '-L', String(task.messages)]
    return ['mqttx', 'bench', 'pub', ...commonFlags(task), ...traffic, '-S', `${task.payloadBytes}B`]
  },
}
