/**
 * CPU time of a broker for one TLS handshake: what it uses per connection over TLS, less what it uses per connection without. Clients
 * resume no TLS session, as after an eviction to a node that they never saw. Pairs alternate; the median of the pairs counts.
 *
 * usage: node dist/tools/benchmarks/handshake.js PID HOST [pairs=7]
 *   the broker is process PID with its children, and listens on HOST:1883 (TCP) and HOST:8883 (TLS)
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { quantile } from '#weir/assertions/statistics/index.ts'
import { packageFile } from '#weir/errors/index.ts'
import { costOf } from '../process-cost.ts'

const CLIENTS = 400
const LOAD = ['-c', `${CLIENTS}`, '--rate', '100', '--duration', '5', '--workers', '1']
const TRANSPORTS = { plain: ['-p', '1883'], tls: ['-p', '8883', '-l', 'mqtts', '--insecure'] }

const [pid, host, pairs = '7'] = process.argv.slice(2)
if (!pid || !host) throw new Error('usage: handshake.js PID HOST [pairs]')

/** CPU milliseconds of the broker per client that connects. */
async function perClient(transport: keyof typeof TRANSPORTS): Promise<number> {
  const before = costOf(Number(pid)).cpuSeconds
  const weir = [fileURLToPath(packageFile('cli/weir.mjs')), 'bench', 'conn', '-h', host!]
  await promisify(execFile)(process.execPath, [...weir, ...TRANSPORTS[transport], ...LOAD])
  return (1000 * (costOf(Number(pid)).cpuSeconds - before)) / CLIENTS
}

await perClient('plain')
const handshakes: number[] = []
for (let pair = 0; pair < Number(pairs); pair++) {
  const plain = await perClient('plain')
  const tls = await perClient('tls')
  handshakes.push(tls - plain)
  console.log(`plain ${plain.toFixed(2)} ms, TLS ${tls.toFixed(2)} ms of CPU per client`)
}
const [least, median, most] = [0, 0.5, 1].map((share) => quantile(handshakes, share).toFixed(2))
console.log(`one handshake: ${median} ms of CPU (${least}–${most})`)
