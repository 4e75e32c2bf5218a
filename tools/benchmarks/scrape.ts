/**
 * What scraping costs the harness: six pods once a second, by the way that a run takes, of what EMQX 5.8.9 answered with
 * 3000 clients, served by another process: `node dist/tools/benchmarks/scrape.js [seconds] [pods] [pods|api-server]`, the last word being the way.
 * Target: at most 5 % of one core.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { emqxV5 } from '#weir/cluster/emqx/v5.ts'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { AccessFinder } from '#weir/cluster/routes/access.ts'
import { EndpointFinder } from '#weir/cluster/routes/endpoint-finder.ts'
import { PodHttp } from '#weir/cluster/routes/pod-http.ts'
import { RouteChoice } from '#weir/cluster/routes/route-choice.ts'
import { packageFile } from '#weir/errors/index.ts'

const PORT = 18_083
const SCRAPE = packageFile('tests/fixtures/cluster/emqx/v5_prometheus_node_3000.txt')
const seconds = Number(process.argv[2] ?? 30)
const pods = Number(process.argv[3] ?? 6)
const way = process.argv[4] ?? 'pods'
const API_SERVER = '127.78.1.1'
const NOWHERE = '127.78.1.2'
const hostOf = (pod: number) => `127.78.0.${pod + 1}`

/** In the other process: the pods, and an API server that answers for them. */
function serve(): void {
  const body = readFileSync(SCRAPE)
  const hosts = [API_SERVER, ...Array.from({ length: pods }, (_, pod) => hostOf(pod))]
  let waiting = hosts.length
  for (const host of hosts)
    createServer((req, res) => {
      res.setHeader('content-type', 'text/plain')
      res.end(req.url?.includes('/api/v5/prometheus') ? body : 'emqx is running')
    }).listen(PORT, host, () => {
      waiting--
      if (waiting === 0) process.send?.('ready')
    })
  process.on('disconnect', () => process.exit())
}

async function measure(): Promise<void> {
  const child = fork(import.meta.filename, process.argv.slice(2), { env: { ...process.env, SERVE: '1' } })
  await once(child, 'message')
  const dir = mkdtempSync(join(tmpdir(), 'weir-scrape-'))
  const kubeconfig = join(dir, 'kubeconfig')
  const cluster = { server: `http://${API_SERVER}:${PORT}`, 'insecure-skip-tls-verify': true }
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      'current-context': 'c',
      clusters: [{ name: 'k', cluster }],
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
      users: [{ name: 'u', user: {} }],
    }),
  )
  const kube = createKubeApi({ kubeconfig })
  const access = new AccessFinder(kube, 'emqx', emqxV5, { username: 'key', password: 'secret' })
  const choice = new RouteChoice()
  const endpoints = new EndpointFinder({
    kube,
    resource: async () => ({ metadata: { name: 'emqx' } }),
    apiBind: () => () => undefined,
    tls: undefined,
  })
  const https = Array.from(
    { length: pods },
    (_, pod) =>
      new PodHttp(
        kube,
        { name: `pod-${pod}`, ip: way === 'pods' ? hostOf(pod) : NOWHERE },
        { access, choice, endpoints },
      ),
  )
  const apis = https.map((http) => emqxV5.over(http))
  const scrape = async () => {
    const answers = await Promise.all(apis.map((api) => api.metrics()))
    if (answers.some(({ metrics }) => metrics.emqx_live_connections_count !== 3000))
      throw new Error('a scrape was not what EMQX answered')
  }
  const during = async (work: () => Promise<void>): Promise<number> => {
    const [cpu, fromMs] = [process.cpuUsage(), performance.now()]
    for (let second = 1; second <= seconds; second++) {
      await work()
      await sleep(Math.max(0, fromMs + second * 1000 - performance.now()))
    }
    const { user, system } = process.cpuUsage(cpu)
    return (user + system) / 1000 / (performance.now() - fromMs)
  }
  await scrape()
  if (choice.route !== way) throw new Error(`the pods were asked by way of ${choice.route}, not ${way}`)
  const idle = await during(async () => {})
  const busy = await during(scrape)
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`
  console.log(
    `${pods} pods by way of ${way} once a second for ${seconds} s: ${percent(busy)} of one core (${percent(idle)} when nothing is scraped)`,
  )
  for (const http of https) http.close()
  kube.close()
  rmSync(dir, { recursive: true })
  child.disconnect()
  process.exitCode = busy <= 0.05 ? 0 : 1
}

if (process.env.SERVE) serve()
else await measure()
