/**
 * What the kernel's search for a local port costs: connects to one listener on loopback from so many source addresses (0: the kernel
 * chooses), and prints the CPU that each further 2,000 took. bench/fleet/sources/capacity.ts rests on it. A closed connection keeps
 * its port for a minute, so each row uses addresses of its own; the row for 0 wants a minute of quiet before.
 *
 * usage: node dist/tools/benchmarks/port-search.js [connections, 16000] [addresses…]     (Linux)
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

const STEP = 2000
const AT_ONCE = 64

/** The listener is a process of its own, so that its CPU is not counted. */
function listen(): void {
  const server = createServer(() => undefined)
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
    process.send!((server.address() as { port: number }).port),
  )
  process.on('disconnect', () => process.exit())
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

interface Row {
  steps: string[]
  failed: number
}

/** Connects, then lets the other side close first: its port is the listener's, and ours are free again. */
async function measure(connections: number, addresses: number, net: number): Promise<Row> {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), ['listen'])
  const [port] = (await once(child, 'message')) as [number]
  const row: Row = { steps: [], failed: 0 }
  let next = 0
  let done = 0
  let before = cpuSeconds()
  await new Promise<void>((resolve) => {
    const finish = () => {
      done++
      if (done % STEP === 0) {
        row.steps.push((cpuSeconds() - before).toFixed(2))
        before = cpuSeconds()
      }
      if (done === connections) resolve()
      else open()
    }
    const open = () => {
      if (next === connections) return
      const localAddress = addresses === 0 ? undefined : `127.9.${net}.${1 + (next % addresses)}`
      next++
      const socket = new Socket()
      socket.once('connect', finish)
      socket.on('error', () => {
        row.failed++
        finish()
      })
      socket.on('end', () => socket.destroy())
      socket.resume()
      socket.connect({ host: '127.0.0.1', port, ...(localAddress === undefined ? {} : { localAddress }) })
    }
    for (let i = 0; i < AT_ONCE; i++) open()
  })
  const exited = once(child, 'exit')
  child.kill()
  await exited
  return row
}

if (process.argv[2] === 'listen') listen()
else {
  const [connections = 16_000, ...addresses] = process.argv.slice(2).map(Number)
  const net = 1 + (process.pid % 200)
  for (const [i, count] of (addresses.length > 0 ? addresses : [0, 1, 2, 4]).entries()) {
    const { steps, failed } = await measure(connections, count, net + i)
    process.stdout.write(
      `${String(count).padStart(3)} addresses: CPU s for each ${STEP}: ${steps.join(' ')}${failed > 0 ? `; ${failed} failed` : ''}\n`,
    )
  }
  process.exit()
}
