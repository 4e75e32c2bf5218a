import { fileURLToPath } from 'node:url'
import { type Peer, taskWords } from '../peer.ts'

const script = fileURLToPath(import.meta.resolve('#weir/tools/compare/peers/bare-client.ts'))

/** weir's own sockets and codec with nothing around them: what policies, events, counters, timers and ledger cost shows against it. */
export const bareNode: Peer = {
  name: 'bare sockets',
  missing: async () => undefined,
  command: (task) => [process.execPath, script, ...taskWords(task)],
}
