/**
 * What following EMQX's logs costs the harness: so many lines a second from six pods, as a run follows, cleans and records them, printed by
 * another process: `node dist/tools/benchmarks/logs.js [seconds] [lines per second]`. Target: at most 3 % of one core at 1,000 lines a second.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { type Manifest, RECORD_FORMAT } from '#weir/facts/index.ts'
import { openRecord } from '#weir/record/index.ts'
import { followLogs } from '#weir/scenarios/observe/logs.ts'
import { startClock } from '#weir/scenarios/run/clock.ts'
import { LiveCluster } from '#weir/scenarios/run/live-cluster.ts'
import type { Run } from '#weir/scenarios/run/run.ts'

const HOST = '127.78.2.1'
const PORT = 18_084
const PODS = 6
/** As often as a kubelet hands on what has come. */
const TICK_MS = 20
const seconds = Number(process.argv[2] ?? 20)
const perSecond = Number(process.argv[3] ?? 1000)

/** As EMQX prints them: some name what may be a secret. */
const LINES = [
  '[warning] msg: node_evacuation_evict_conns, conn_evict_rate: 10, count: 990',
  '[warning] clientid: sub-0007, msg: session_stepdown_request_timeout, peername: 10.244.1.9:40112, action: {takeover,begin}, stale_pid: <0.2711.0>',
  '[error] tag: LICENSE, clientid: bench-0044, msg: connection_rejected_due_to_license_limit_reached, peername: 10.244.1.7:51022',
  '[warning] tag: AUTHN, clientid: c1, msg: bad_username_or_password, peername: 10.0.0.7:51022, username: u, keepalive: 60',
]

/** In the other process: an API server whose pods print. */
function serve(): void {
  const readers = new Set<ServerResponse>()
  let printed = 0
  createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.flushHeaders()
    readers.add(response)
    response.on('close', () => readers.delete(response))
  }).listen(PORT, HOST, () => process.send?.('ready'))
  const fromMs = Date.now()
  setInterval(() => {
    const due = Math.floor(((Date.now() - fromMs) * perSecond) / 1000)
    if (readers.size < PODS) printed = due
    const chunks = [...readers].map(() => '')
    for (; printed < due; printed++) {
      const at = new Date().toISOString()
      const line = `${at.replace('Z', '123456Z')} ${at.replace('Z', '123+00:00')} ${LINES[printed % LINES.length]}\n`
      chunks[printed % chunks.length] += line
    }
    for (const [i, reader] of [...readers].entries()) if (chunks[i]) reader.write(chunks[i])
  }, TICK_MS)
  process.on('disconnect', () => process.exit())
}

async function measure(): Promise<void> {
  const child = fork(import.meta.filename, process.argv.slice(2), { env: { ...process.env, SERVE: '1' } })
  await once(child, 'message')
  const dir = mkdtempSync(join(tmpdir(), 'weir-logs-'))
  const kubeconfig = join(dir, 'kubeconfig')
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      'current-context': 'c',
      clusters: [
        { name: 'k', cluster: { server: `http://${HOST}:${PORT}`, 'insecure-skip-tls-verify': true } },
      ],
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
      users: [{ name: 'u', user: {} }],
    }),
  )
  const kube = createKubeApi({ kubeconfig })
  const clock = startClock()
  const manifest: Manifest = {
    ...{ format: RECORD_FORMAT, weir: '0', scenario: { name: 'logs', resolved: {} }, seed: 1 },
    clock: { source: 'monotonic', anchorUnixMs: clock.anchorUnixMs },
    ...{ host: { node: '', platform: '', cpus: 0, memoryMiB: 0 }, versions: {} },
    ...{ asserts: [], knownDeviations: [], notes: [] },
  }
  const record = await openRecord(join(dir, 'run'), manifest, { logs: true })
  const live = new LiveCluster()
  // What following reads of a run.
  const run = {
    ...{ clock, record, live, emit: () => 0 },
    ...{ cluster: { kube, namespace: 'default' }, scenario: { observe: { logMiB: 1024 } } },
  } as unknown as Run
  const cpuOf = async (): Promise<number> => {
    const [cpu, fromMs] = [process.cpuUsage(), performance.now()]
    await sleep(seconds * 1000)
    const { user, system } = process.cpuUsage(cpu)
    return (user + system) / 1000 / (performance.now() - fromMs)
  }
  const idle = await cpuOf()
  for (let i = 0; i < PODS; i++)
    live.update(
      {
        ...{ type: 'pod', name: `emqx-${i}`, uid: `${i}`, set: 'emqx', node: `emqx@${i}`, phase: 'Running' },
        ...{ ready: true, deleting: false, deleted: false },
      },
      0,
    )
  const logs = followLogs(run)
  await sleep(2000)
  const file = join(dir, 'run', 'logs.ndjson')
  const recorded = () => readFileSync(file, 'utf8').split('\n').length
  const before = recorded()
  const busy = await cpuOf()
  const lines = (recorded() - before) / seconds
  await logs.stop()
  await record.close({ t: clock.now(), how: 'completed' })
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`
  console.log(
    `${lines.toFixed(0)} lines a second of ${PODS} pods for ${seconds} s: ${percent(busy)} of one core (${percent(idle)} when nothing is followed)`,
  )
  kube.close()
  rmSync(dir, { recursive: true })
  child.disconnect()
  process.exitCode = busy <= 0.03 && lines >= 0.95 * perSecond ? 0 : 1
}

if (process.env.SERVE) serve()
else await measure()
