/**
 * What `--prometheus` costs: CPU of weir's own process with its metrics served and scraped every second, as a ratio to the same without.
 * Pairs alternate, so that whatever else the machine does falls on both; the median of the pairs' ratios counts.
 *
 * usage: node dist/tools/benchmarks/prometheus.js [pairs=7] [--run SCENARIO [--clients N]]
 *   without --run: `weir bench conn` with 10,000 clients, and `weir bench pub` with 1,200,000 messages of QoS 1
 *   with --run:    `weir run SCENARIO`, without the embedded cluster, which is a process of its own
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { quantile } from '#weir/assertions/statistics/index.ts'
import { packageFile } from '#weir/errors/index.ts'
import { type Measured, measureConnect, measurePublish } from '../compare/measure.ts'
import type { Peer } from '../compare/peer.ts'
import { weir } from '../compare/peers/weir.ts'
import { cpuSeconds } from '../process-cost.ts'
import { freePort, SinkBroker } from './sink-broker.ts'

const SCRAPE_EVERY_MS = 1000
const SAMPLE_EVERY_MS = 100
const CLIENTS = 10_000
const MESSAGES = { clients: 20, messages: 1_200_000, payloadBytes: 64, inFlight: 100 }

/** Does the work once, with these flags added to weir's command, and measures weir's process. */
type Work = (flags: string[]) => Promise<Measured>

const withFlags = (flags: string[]): Peer => ({
  ...weir,
  command: (task) => {
    const command = weir.command(task)
    return command && [...command, ...flags]
  },
})

const connecting: Work = async (flags) => {
  const sink = await SinkBroker.start()
  const cost = await measureConnect(withFlags(flags), sink, { clients: CLIENTS, restMs: 5000 })
  await sink.stop()
  return cost
}

const publishing: Work = async (flags) => {
  const sink = await SinkBroker.start()
  const cost = await measurePublish(withFlags(flags), { kind: 'publish', port: sink.port, ...MESSAGES })
  await sink.stop()
  return cost
}

const running =
  (scenario: string, clients: string): Work =>
  async (flags) => {
    const parent = mkdtempSync(join(tmpdir(), 'weir-metrics-cost-'))
    const args = [fileURLToPath(packageFile('cli/weir.mjs')), 'run', scenario, '--out', join(parent, 'run')]
    const size = clients === '' ? [] : ['--set', `fleet.clients=${clients}`]
    const child = spawn(process.execPath, [...args, ...size, ...flags], { stdio: 'ignore' })
    let last = 0
    const sampling = setInterval(() => {
      last = cpuSeconds(child.pid!) || last
    }, SAMPLE_EVERY_MS)
    const [code] = await once(child, 'exit')
    clearInterval(sampling)
    rmSync(parent, { recursive: true, force: true })
    // A verdict of any kind: what the machine did meanwhile is not measured.
    return [0, 1, 3].includes(code) ? { cpuSeconds: last } : { failure: `weir run ended with ${code}` }
  }

async function served(work: Work): Promise<Measured & { scrapes: number }> {
  const port = await freePort()
  let scrapes = 0
  const scraping = setInterval(() => {
    fetch(`http://127.0.0.1:${port}/metrics`)
      .then((response) => response.text())
      .then(
        () => scrapes++,
        () => undefined, // Not there yet, or not any more.
      )
  }, SCRAPE_EVERY_MS)
  const cost = await work(['--prometheus', `127.0.0.1:${port}`]).finally(() => clearInterval(scraping))
  return { ...cost, scrapes }
}

function seconds({ cpuSeconds: cpu, failure }: Measured): number {
  if (cpu === undefined) throw new Error(failure)
  return cpu
}

async function compare(name: string, work: Work, pairs: number): Promise<void> {
  const ratios: number[] = []
  for (let pair = 0; pair < pairs; pair++) {
    const servedFirst = pair % 2 === 1
    const first = servedFirst ? await served(work) : undefined
    const without = seconds(await work([]))
    const metered = first ?? (await served(work))
    if (metered.scrapes === 0) throw new Error('nothing was scraped')
    ratios.push(seconds(metered) / without)
    console.log(
      `  ${without.toFixed(2)} s without, ${seconds(metered).toFixed(2)} s with ${metered.scrapes} scrapes`,
    )
  }
  const [least, middle, most] = [0, 0.5, 1].map((p) => quantile(ratios, p).toFixed(3))
  console.log(`${name}: CPU × ${middle} (${least}–${most}) of ${pairs} pairs`)
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { run: { type: 'string' }, clients: { type: 'string', default: '' } },
})
const pairs = Number(positionals[0] ?? 7)
if (values.run !== undefined)
  await compare(`weir run ${values.run}`, running(values.run, values.clients), pairs)
else {
  await compare(`weir bench conn, ${CLIENTS} clients`, connecting, pairs)
  await compare(`weir bench pub, ${MESSAGES.messages} messages`, publishing, pairs)
}
