/**
 * How long the doctor takes with an API server that is far away: a front on loopback holds every byte back, half of the round trip each way.
 *
 * usage: node dist/tools/benchmarks/far-api-server.js KUBECONFIG SCENARIO [ROUND-TRIP-MS]
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [kubeconfig, scenario, roundTrip = '200'] = process.argv.slice(2)
if (kubeconfig === undefined || scenario === undefined)
  throw new Error('usage: far-api-server KUBECONFIG SCENARIO [ROUND-TRIP-MS]')
const delayMs = Number(roundTrip) / 2
const text = readFileSync(kubeconfig, 'utf8')
const server = new URL(/server: (\S+)/.exec(text)?.[1] ?? '')

/** Passes on what comes, in order and late. */
function late(from: Socket, to: Socket): void {
  from.on('data', (chunk) => setTimeout(() => to.write(chunk), delayMs))
  from.on('close', () => setTimeout(() => to.end(), delayMs))
  from.on('error', () => to.destroy())
}

const front = createServer((client) => {
  const origin = connect(Number(server.port), server.hostname)
  late(client, origin)
  late(origin, client)
})
await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
const { port } = front.address() as AddressInfo
const dir = mkdtempSync(join(tmpdir(), 'weir-far-'))
const far = join(dir, 'kubeconfig')
writeFileSync(far, text.replace(server.host, `127.0.0.1:${port}`))

const startMs = performance.now()
const doctor = spawn(
  process.execPath,
  [
    fileURLToPath(new URL('../../../cli/weir.mjs', import.meta.url)),
    ...['doctor', scenario, '--kubeconfig', far, '--clients', '10'],
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
)
const code = await new Promise<number | null>((resolve) => doctor.once('exit', resolve))
console.log(
  `${roundTrip} ms to the API server: ${((performance.now() - startMs) / 1000).toFixed(1)} s, exit ${code}`,
)
front.close()
rmSync(dir, { recursive: true })
process.exit(code ?? 1)
