import { fileURLToPath } from 'node:url'
import { packageFile } from '#weir/errors/index.ts'
import { commonFlags, type Peer } from '../peer.ts'

const cli = fileURLToPath(packageFile('cli/weir.mjs'))

/** `weir bench` as users run it: policies, events and counters on; publishing with the ledger's header (--verify). */
export const weir: Peer = {
  name: 'weir',
  missing: async () => undefined,
  command(task) {
    const bench = [process.execPath, cli, 'bench']
    if (task.kind === 'connect') return [...bench, 'conn', ...commonFlags(task), '--reconnect', 'mqttjs']
    const { messages, payloadBytes, inFlight } = task
    const traffic = ['-t', 'weir/%i', '-q', '1', '-im', '0', '-L', String(messages)]
    const shape = ['-S', `${payloadBytes}B`, '--verify', '--window', String(inFlight)]
    return [...bench, 'pub', ...commonFlags(task), ...traffic, ...shape]
  },
}
