import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { emqxImage } from '#weir/testbed/programs/emqx-image.ts'
import { runInSandbox, SYSTEM_PATH, spawnInSandbox, withLog } from '#weir/testbed/programs/sandbox.ts'
import { realEmqx } from './programs.ts'

/** Far above what a node takes to boot: it exists to end a hang. */
const BOOT_LIMIT_MS = 120_000

export interface RealNode {
  name: string
  ip: string
  /** `emqx ctl COMMAND…`; resolves with the exit code. */
  control(...command: string[]): Promise<number>
  /** SIGTERM; resolves when it has ended. */
  terminate(): Promise<void>
}

export interface RealNodes {
  nodes: RealNode[]
  close(): Promise<void>
}

/** One EMQX cluster of real nodes, one on each address, outside of any Kubernetes. Resolves when all of them have joined. */
export async function startRealNodes(
  ips: readonly string[],
  { key, secret }: { key: string; secret: string },
): Promise<RealNodes> {
  const dir = mkdtempSync(join(tmpdir(), 'weir-emqx-'))
  const keys = join(dir, 'keys')
  writeFileSync(keys, `${key}:${secret}:administrator\n`)
  const seeds = JSON.stringify(ips.map((ip) => `emqx@${ip}`))
  const started = ips.map((ip) => startNode(ip, { dir, keys, seeds }))
  const close = async () => {
    for (const { kill } of started) kill()
    await Promise.all(started.map(({ exited }) => exited))
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    await Promise.all(started.map((node) => joined(node, ips.length, `${key}:${secret}`)))
  } catch (error) {
    await close()
    throw error
  }
  return { nodes: started, close }
}

interface Started extends RealNode {
  log: string
  exited: Promise<void>
  kill(): void
}

function startNode(ip: string, { dir, keys, seeds }: { dir: string; keys: string; seeds: string }): Started {
  const image = emqxImage(realEmqx().dir, dir)
  const name = `emqx@${ip}`
  const settings = {
    EMQX_NODE__NAME: name,
    EMQX_CLUSTER__DISCOVERY_STRATEGY: 'static',
    EMQX_CLUSTER__STATIC__SEEDS: seeds,
    EMQX_API_KEY__BOOTSTRAP_FILE: '/keys',
  }
  const container = {
    name: 'emqx',
    image: `emqx/emqx-enterprise:${image.version}`,
    env: Object.entries(settings).map(([name, value]) => ({ name, value })),
  }
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: ip },
    spec: { containers: [container] },
  }
  const place = { pod, container, podIp: ip }
  const env = { PATH: SYSTEM_PATH, ...settings, ...image.env?.(place) }
  const log = join(dir, `${ip}.log`)
  const root = mkdtempSync(join(dir, 'root-'))
  const mounts = [...image.mounts(place), { from: keys, at: '/keys' }]
  const child = withLog(log, (descriptor) =>
    spawnInSandbox({
      command: image.entrypoint,
      env,
      mounts,
      root,
      hostname: 'emqx',
      workingDir: '/',
      log: descriptor,
    }),
  )
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    name,
    ip,
    log,
    exited,
    control: (...command) =>
      withLog(log, (descriptor) =>
        runInSandbox(child.pid ?? 0, {
          command: ['/opt/emqx/bin/emqx', 'ctl', ...command],
          env,
          log: descriptor,
        }),
      ),
    terminate: () => {
      child.kill('SIGTERM')
      return exited
    },
    kill: () => {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
        process.kill(-child.pid, 'SIGKILL')
    },
  }
}

async function joined({ ip, log, exited }: Started, members: number, credential: string): Promise<void> {
  const authorization = `Basic ${Buffer.from(credential).toString('base64')}`
  let hasEnded = false
  void exited.then(() => {
    hasEnded = true
  })
  for (const deadline = Date.now() + BOOT_LIMIT_MS; Date.now() < deadline && !hasEnded; ) {
    const rows = await fetch(`http://${ip}:18083/api/v5/nodes`, { headers: { authorization } })
      .then((answer) => (answer.ok ? (answer.json() as Promise<{ node_status: string }[]>) : []))
      .catch(() => [])
    if (rows.filter(({ node_status }) => node_status === 'running').length === members) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`the node on ${ip} did not join:\n${readFileSync(log, 'utf8').slice(-2000)}`)
}
