import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { conditionOf, type Deployment, type Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import { binaryIn, cacheDir } from '../control-plane/build/cache.ts'
import { kubernetesVersion, readModules } from '../control-plane/build/modules.ts'
import type { Cluster } from '../embedded/assemble.ts'
import { makeFaults } from '../faults/index.ts'
import { installDefinitions, LINES, startOperator } from '../operator/index.ts'
import { installOperator } from '../operator/install/install.ts'
import { prepareOperator } from '../operator/install/program.ts'
import type { EmbeddedOptions } from '../types.ts'
import { connectNodes, createCluster, removeCluster } from './cluster/create.ts'
import { watchNodes } from './cluster/health.ts'
import { gatewayOf, loadImages } from './cluster/nodes.ts'
import { startEmulation } from './emulated/emulation.ts'
import { startEngine } from './engine.ts'
import { nodeImage } from './image/node-image.ts'
import { kindDir } from './paths.ts'
import { archiveIn, writeEmulated, writeIdle, writeOperator } from './pod-images.ts'

/** The kind cluster that weir makes for a run or for `weir testbed up`. */
export const CLUSTER = 'weir'
const DNS_MS = 120_000
const POLL_MS = 250

/**
 * Makes a kind cluster with an operator and images of EMQX, of what prepareKind() has made. Resolves when the operator is there and names
 * of Services resolve. close() removes all of it. Throws WEIR_KIND, WEIR_OPERATOR or WEIR_TESTBED, and leaves nothing behind then.
 */
export async function assembleKind(options: EmbeddedOptions, log: (line: string) => void): Promise<Cluster> {
  const closers: (() => void | Promise<void>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  const part = (name: string) => (line: string) => log(`${name}: ${line}`)
  const { operator: which, seed } = options
  try {
    const build = typeof which === 'string' ? undefined : prepareOperator(which)
    const faults = makeFaults(options.faults)
    const dir = kindDir()
    const programs = cacheDir(kubernetesVersion(readModules()))
    const engine = await startEngine(dir)
    closers.push(() => engine.release())
    const kubeconfig = join(options.dir, 'kubeconfig')
    const kind = binaryIn(programs, 'kind')
    const nodes = await createCluster({ engine, kind, name: CLUSTER, image: nodeImage(), dir, kubeconfig })
    closers.push(() => removeCluster(engine, dir, CLUSTER))
    const client = () => {
      const kube = createKubeApi({ kubeconfig })
      closers.push(() => kube.close())
      return kube
    }
    const kube = client()
    await connectNodes(engine, kube)
    const gateway = await gatewayOf(engine)
    const { healthCheckWaitSeconds } = options
    const emulation = await startEmulation(client(), {
      ...{ host: gateway, faults, seed, healthCheckWaitSeconds },
      log: part('emqx'),
    })
    closers.push(() => emulation.close())
    const archives = join(options.dir, 'kind')
    mkdirSync(archives, { recursive: true })
    const load = async (name: string, write: (file: string) => void) => {
      const file = archiveIn(archives, name)
      write(file)
      await loadImages(engine, nodes, file)
    }
    await load('emulated', (file) => writeEmulated(file, { programs, emulator: emulation.address }))
    await load('idle', (file) => writeIdle(file, programs))
    await namesResolve(kube)
    if (build !== undefined) {
      await load('operator', (file) => writeOperator(file, build))
      await installOperator(kube, build, part('operator'), () => lastWords)
    } else if (typeof which === 'string') {
      await installDefinitions(kube, LINES[which])
      const operator = await startOperator(client(), {
        line: which,
        pollIntervalSeconds: options.pollIntervalSeconds,
        faults,
        webhook: { host: gateway, port: 0 },
        http: emulation.http,
        log: part('operator'),
      })
      closers.push(() => operator.stop())
    }
    const { died, stop } = watchNodes(engine, kube, nodes)
    closers.push(stop)
    return { kubeconfig, died, close }
  } catch (error) {
    await close()
    throw error
  }
}

const lastWords = 'look at its pod'

/** Nodes of EMQX find each other by the names of Services. */
async function namesResolve(kube: KubeApi): Promise<void> {
  for (const endMs = Date.now() + DNS_MS; Date.now() < endMs; await sleep(POLL_MS)) {
    const deployment = await kube.get<Deployment>(resources.deployments, 'kube-system', 'coredns')
    if (conditionOf(deployment, 'Available')?.status === 'True') return
  }
  const { items } = await kube.list<Pod>(resources.pods, { namespace: 'kube-system' })
  const waiting = items.find(
    ({ metadata, status }) => /^coredns-/.test(metadata.name) && status?.phase !== 'Running',
  )
  throw new WeirError(
    'WEIR_KIND',
    `names of Services do not resolve after ${DNS_MS / 1000} s${waiting ? `: the pod ${waiting.metadata.name} is ${waiting.status?.phase}` : ''}`,
  )
}
