import { fileURLToPath } from 'node:url'
import type { Peer } from '../peer.ts'

const cli = fileURLToPath(new URL('../../../cli/weir.mjs', import.meta.url))

/** `weir bench` as users run it: policies, events and counters on; publishing with the ledger's header (--verify). */
export const weir: Peer = {
  name: 'weir',
  missing: async () => undefined,
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
    const node = [process.execPath, cli, 'bench']
    if (task.kind === 'connect') return [...node, 'conn', ...common, '--reconnect', 'mqttjs']
    const { messages, payloadBytes, inFlight } = task
    return [
      ...node,
      'pub',
      ...common,
      ...['-t', 'weir/%i', '-q', '1', '-im', '0', '-L', String(messages)],
      ...['-S', `${payloadBytes}B`, '--verify', '--window', String(inFlight)],
    ]
  },
}
