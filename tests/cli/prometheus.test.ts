/** A real Prometheus scrapes emulated nodes by the configuration that weir prints, and weir reads it. */
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse, stringify } from 'yaml'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { readRecord } from '#weir/record/index.ts'
import { BrokerProcess } from '../bench/brokers/broker-process.ts'
import { PATH, testWith } from '../support/programs.ts'
import { type OwnCluster, startOwnCluster } from './own-cluster/own-cluster.ts'
import { killLeft, weirProcess } from './weir-process.ts'

test.after(killLeft)

const INTERVAL_SECONDS = 1
const CLIENTS = 400

type Pod = KubeObject & { status?: { podIP?: string; phase?: string } }

/** What Kubernetes' discovery knows of a pod, as labels of a file's targets. */
function discovered({ metadata, status }: Pod): object[] {
  if (!status?.podIP) return []
  const meta = {
    namespace: metadata.namespace,
    pod_name: metadata.name,
    pod_ip: status.podIP,
    pod_phase: status.phase,
    pod_container_name: 'emqx',
  }
  const labels = Object.fromEntries(
    Object.entries(meta).map(([name, value]) => [`__meta_kubernetes_${name}`, value]),
  )
  return [{ targets: [status.podIP], labels }]
}

/** Debian builds Prometheus without Kubernetes' discovery: a file of the same targets stands in for it. */
function byFile(config: { scrape_configs: object[] }, targets: string): object {
  const jobs = config.scrape_configs.map((job) => ({
    ...job,
    kubernetes_sd_configs: undefined,
    file_sd_configs: [{ files: [targets], refresh_interval: '1s' }],
  }))
  return { ...config, scrape_configs: jobs }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

interface Prometheus {
  url: string
  end(): Promise<void>
}

/** Starts it with the configuration that weir prints for the cluster. */
async function startPrometheus(own: OwnCluster): Promise<Prometheus> {
  const args = ['--kubeconfig', own.kubeconfig, '--interval', String(INTERVAL_SECONDS)]
  const { code, stdout, stderr } = await weirProcess(['prometheus-config', ...args])
  assert.is(code, 0, stderr)
  const dir = mkdtempSync(join(tmpdir(), 'weir-prometheus-'))
  const targets = join(dir, 'targets.json')
  const write = async () => {
    const { items } = await own.admin.list<Pod>(resources.pods, {
      namespace: 'default',
      labelSelector: `apps.emqx.io/instance=${own.name}`,
    })
    writeFileSync(`${targets}.new`, JSON.stringify(items.flatMap(discovered)))
    renameSync(`${targets}.new`, targets)
  }
  await write()
  let writing = Promise.resolve()
  const timer = setInterval(() => {
    writing = write().catch(() => {
      // The cluster is closing.
    })
  }, 500)
  writeFileSync(join(dir, 'prometheus.yml'), stringify(byFile(parse(stdout), targets)))
  const port = await freePort()
  const daemon = new BrokerProcess({
    file: 'prometheus',
    args: [
      '--config.file=prometheus.yml',
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    cwd: dir,
    env: { PATH },
  })
  const url = `http://127.0.0.1:${port}`
  await daemon.until('it scraped a pod', async () => {
    const response = await fetch(`${url}/api/v1/query?query=emqx_connections_count`).catch(() => undefined)
    return (await response?.text().catch(() => ''))?.includes('"pod":') ?? false
  })
  return {
    url,
    async end() {
      clearInterval(timer)
      await writing
      await daemon.end()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function withPrometheus(
  { rate, faults = [] }: { rate: number; faults?: string[] },
  act: (own: OwnCluster, prometheus: Prometheus) => Promise<void>,
): Promise<void> {
  const set = [
    'cluster.manifest.spec.replicas=2',
    `cluster.manifest.spec.blueGreenUpdate.evacuationStrategy.connEvictRate=${rate}`,
  ]
  const own = await startOwnCluster(
    { scenario: 'blue-green-quick', set, resource: resources.emqxEnterprises },
    { operator: '2.1.2', faults },
  )
  try {
    await own.settled()
    const prometheus = await startPrometheus(own)
    try {
      await act(own, prometheus)
    } finally {
      await prometheus.end()
    }
  } finally {
    await own.close()
  }
}

const run = (own: OwnCluster, url: string, out: string, asserts: string[], ...more: string[]) =>
  weirProcess(
    [
      ...['run', 'blue-green-quick', '--kubeconfig', own.kubeconfig, '--yes', '--out', join(own.dir, out)],
      ...[
        '--prometheus',
        url,
        '--set',
        `fleet.clients=${CLIENTS}`,
        '--set',
        `assert=[${asserts.join(', ')}]`,
      ],
      ...more,
    ],
    () => {},
    { WEIR_PROMETHEUS_TOKEN: 'token-that-nobody-may-see' },
  )

const withReal = testWith('prometheus')

withReal('an honest run: both sources are recorded, agree, and keep the credentials to themselves', () =>
  withPrometheus({ rate: 60 }, async (own, { url }) => {
    const secretUrl = url.replace('http://', 'http://reader:password-that-nobody-may-see@')
    const { code, stdout, stderr } = await run(own, secretUrl, 'both', [
      'conservation',
      'gauge-truth',
      'all-new',
    ])
    // On a busy machine gauges prove nothing; that sums of them add up is known all the same.
    assert.ok(code === 0 || code === 3, stdout + stderr)
    assert.match(
      stdout.replace(/\s+/g, ' '),
      /pass conservation All .* added up .* Prometheus, which scraped every 1 s, shows the same/,
    )
    const { scrapes, prometheus = [], manifest } = await readRecord(join(own.dir, 'both'))
    assert.ok(scrapes.length > 0)
    const pods = new Set(prometheus.map(({ pod }) => pod))
    assert.equal(
      [...new Set(scrapes.map(({ pod }) => pod))].sort(),
      [...pods].sort(),
      'old pods and new ones',
    )
    assert.ok(prometheus.every(({ node }) => node !== ''))
    assert.is((manifest.scenario.resolved as { observe: { prometheus: string } }).observe.prometheus, url)
    const dir = join(own.dir, 'both')
    for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' }))
      if (/\./.test(file)) assert.not.match(readFileSync(join(dir, file), 'latin1'), 'that-nobody-may-see')
    assert.not.match(stdout + stderr, 'that-nobody-may-see')
    assert.match(readFileSync(join(dir, 'report.html'), 'utf8'), /data-chart="prometheus"/)

    const nobody = `http://127.0.0.1:${await freePort()}`
    const gone = await weirProcess([
      ...['observe', '--kubeconfig', own.kubeconfig, '--duration', '4', '--out', join(own.dir, 'gone')],
      ...['--prometheus', nobody, '--no-scrape'],
    ])
    assert.ok(
      gone.stderr.includes(`warning: Prometheus ${nobody} does not answer (ECONNREFUSED)`),
      gone.stderr,
    )
    assert.is(gone.code, 3, gone.stdout)
    const { manifest: closed, events } = await readRecord(join(own.dir, 'gone'))
    assert.ok(closed.end)
    assert.ok(events.some((event) => event.type === 'api-failure' && event.api === 'prometheus'))
  }),
)

withReal('an eviction rate that is ignored fails by the Prometheus alone', () =>
  withPrometheus({ rate: 10, faults: ['rate-ignored'] }, async (own, { url }) => {
    const { code, stdout, stderr } = await run(own, url, 'alone', ['eviction-slope'], '--no-scrape')
    assert.is(code, 1, stdout + stderr)
    assert.match(stdout.replace(/\s+/g, ' '), /fail eviction-slope The gauge of .* Shown by Prometheus alone/)
    const { scrapes, prometheus = [] } = await readRecord(join(own.dir, 'alone'))
    assert.equal(scrapes, [])
    assert.ok(prometheus.length > 0)
  }),
)

test.run()
