/**
 * What connections cost `weir bench conn`, measured from outside: resident memory while idle, CPU, time until all are
 * online. Figures to reach: 3,000 idle clients within 120 MiB, 10,000 clients connected.
 *
 * usage: node dist/tools/benchmarks/connections.js [clients…]     (Linux; the sink runs in a process of its own)
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { packageFile } from '#weir/errors/index.ts'
import { commonFlags } from '../compare/peer.ts'
import { type Cost, cpuSeconds, residentMiB } from '../process-cost.ts'

const root = fileURLToPath(packageFile('.'))
/** After the last client is online, so that what connecting left behind can be collected. */
const IDLE_MS = 5000

interface Connected extends Cost {
  clients: number
  seconds: number
}

function start(args: string[]): ChildProcess {
  return spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Resolves with the first output of the process that matches. */
function output(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = ''
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk) => {
        text += chunk
        const match = pattern.exec(text)
        if (match) resolve(match)
      })
    child.on('exit', (code) => reject(new Error(`ended with ${code} before it said ${pattern}: ${text}`)))
  })
}

async function measure(clients: number): Promise<Connected> {
  const sink = start(['dist/tools/benchmarks/sink.js'])
  const [port] = await output(sink, /\d+/)
  const flags = commonFlags({ kind: 'connect', port: Number(port), clients })
  const fleet = start(['cli/weir.mjs', 'bench', 'conn', ...flags])
  const [, seconds] = await output(fleet, /connected after ([\d.]+) s/)
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
  const cost = {
    clients,
    seconds: Number(seconds),
    cpuSeconds: cpuSeconds(fleet.pid!),
    residentMiB: residentMiB(fleet.pid!),
  }
  const ended = new Promise((resolve) => fleet.on('exit', resolve))
  fleet.kill('SIGINT')
  await ended
  sink.kill()
  return cost
}

const wanted = process.argv.slice(2).map(Number)
const costs: Connected[] = []
for (const clients of wanted.length > 0 ? wanted : [1, 3000, 10_000]) costs.push(await measure(clients))
const [base] = costs
console.table(
  costs.map(({ clients, seconds, cpuSeconds: cpu, residentMiB: resident }) => ({
    clients,
    'all online after s': seconds,
    'CPU s': cpu,
    'resident MiB': Math.round(resident),
    'KiB per client above the first row':
      clients > base!.clients
        ? (((resident - base!.residentMiB) * 1024) / (clients - base!.clients)).toFixed(1)
        : '',
  })),
)
