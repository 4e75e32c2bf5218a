import { fileURLToPath } from 'node:url'
import type { Peer } from '../peer.ts'

const script = fileURLToPath(new URL('./bare-client.ts', import.meta.url))

/** weir's own sockets and codec with nothing around them: what policies, events, counters, timers and ledger cost shows against it. */
export const bareNode: Peer = {
  name: 'bare sockets',
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
