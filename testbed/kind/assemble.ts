import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { conditionOf, type Deployment, type Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import type { EmulatedLine } from '#weir/facts/index.ts'
import { binaryIn, cacheDir } from '../control-plane/build/cache.ts'
import { kubernetesVersion, readModules } from '../control-plane/build/modules.ts'
import type { Cluster } from '../embedded/assemble.ts'
import { type Faults, makeFaults } from '../faults/index.ts'
import { writeWeirImage } from '../images/weir.ts'
import { installDefinitions, LINES, startOperator } from '../operator/index.ts'
import { installOperator } from '../operator/install/install.ts'
import { type PreparedOperator, prepareOperator } from '../operator/install/program.ts'
import type { PodHttp } from '../operator/runtime/pod-http.ts'
import type { EmbeddedOptions } from '../types.ts'
import { adoptCluster, markOurs, mustBeOurs } from './cluster/adopt.ts'
import { connectNodes } from './cluster/create.ts'
import { watchNodes } from './cluster/health.ts'
import { type ClusterNode, gatewayOf, loadImages } from './cluster/nodes.ts'
import { makeOwnCluster } from './cluster/own.ts'
import { startEmulation } from './emulated/emulation.ts'
import { type Engine, startEngine } from './engine.ts'
import { writeInstallation } from './image/emqx-image.ts'
import { OWN_REGISTRY, ownNames, publicNames } from './image/own-names.ts'
import { writeEmulated, writeIdle, writeOperator } from './image/pod-images.ts'
import { operatorWords } from './last-words.ts'
import { kindHome } from './paths.ts'
import { webhooksAnswer } from './webhooks.ts'

/** The kind cluster that weir makes for a run or for `weir testbed up`. */
export const CLUSTER = 'weir'
const DNS_MS = 120_000
const POLL_MS = 250

/**
 * A kind cluster with an operator and images of EMQX, of what prepareKind() has made: one of weir's own, or one of the user's that is
 * adopted. Resolves when the operator is there and names of Services resolve. close() removes all of an own one, and nothing of an adopted
 * one. Throws WEIR_KIND, WEIR_OPERATOR, WEIR_EMQX or WEIR_TESTBED, and leaves nothing behind then.
 */
export async function assembleKind(
  options: EmbeddedOptions,
  log: (line: string) => void,
  signal?: AbortSignal,
): Promise<Cluster> {
  const closers: (() => void | Promise<void>)[] = []
  const close = async () => {
    const failures: unknown[] = []
    for (const closer of closers.splice(0).reverse())
      try {
        await closer()
      } catch (error) {
        failures.push(error)
      }
    if (failures.length > 0) throw failures[0]
  }
  try {
    const { operator: which, adopt, seed, healthCheckWaitSeconds } = options
    const build = typeof which === 'string' ? undefined : prepareOperator(which)
    const faults = makeFaults(options.faults)
    const { kubeconfig, engine, nodes } = await nodesFor(options, { closers, log, signal })
    const client = () => {
      const kube = createKubeApi({ kubeconfig })
      closers.push(() => kube.close())
      return kube
    }
    const kube = client()
    if (adopt === undefined) await connectNodes(engine, kube)
    const adopting =
      adopt === undefined ? undefined : { dir: kindHome(), name: adopt, operator: nameOf(which, build) }
    if (adopting !== undefined) await mustBeOurs(kube, adopting)
    const host = await gatewayOf(engine)
    const emulation = await startEmulation(client(), {
      ...{ host, faults, seed, healthCheckWaitSeconds },
      log: (line) => log(`emqx: ${line}`),
    })
    closers.push(() => emulation.close())
    await loadPodImages({ options, build, emulator: emulation.address, engine, nodes, signal })
    await namesResolve(kube, signal)
    if (build !== undefined) {
      const note = (line: string) => log(`operator: ${line}`)
      await installOperator(kube, build, note, () => operatorWords(kube, build))
      await webhooksAnswer(kube, build.objects, signal)
    } else {
      const operator = await emulateOperator(client(), { options, faults, host, http: emulation.http, log })
      closers.push(() => operator.stop())
    }
    if (adopting !== undefined) await markOurs(kube, adopting)
    const { died, stop } = watchNodes({ engine, kube, nodes })
    closers.push(stop)
    return { kubeconfig, died, close }
  } catch (error) {
    await close().catch((failed) => log(`the cluster is not removed: ${messageOf(failed)}`))
    throw error
  }
}

/** An operator, so that it is told from others. */
const nameOf = (which: EmbeddedOptions['operator'], build: PreparedOperator | undefined): string =>
  build === undefined ? `the emulated operator ${which}` : `the build ${build.image}`

const programsFolder = () => cacheDir(kubernetesVersion(readModules()))

interface Making {
  closers: (() => void | Promise<void>)[]
  log(line: string): void
  signal: AbortSignal | undefined
}

async function nodesFor(
  { adopt, dir }: EmbeddedOptions,
  { closers, log, signal }: Making,
): Promise<{ kubeconfig: string; engine: Engine; nodes: ClusterNode[] }> {
  const kubeconfig = join(dir, 'kubeconfig')
  const home = kindHome()
  if (adopt !== undefined) {
    const engine = await startEngine(home)
    closers.push(() => engine.release())
    return { kubeconfig, engine, nodes: await adoptCluster(engine, adopt, kubeconfig) }
  }
  const kind = binaryIn(programsFolder(), 'kind')
  const { remove, ...made } = await makeOwnCluster({ name: CLUSTER, home, kind, kubeconfig, log, signal })
  closers.push(remove)
  return { kubeconfig, ...made }
}

interface Loading {
  options: EmbeddedOptions
  build: PreparedOperator | undefined
  /** host:port of the emulated EMQX nodes. */
  emulator: string
  engine: Engine
  nodes: readonly ClusterNode[]
  signal: AbortSignal | undefined
}

/** Images of EMQX, of the operator, and of what stands beside them. An installation takes the place of emulated releases. */
async function loadPodImages({ options, build, emulator, engine, nodes, signal }: Loading): Promise<void> {
  const programs = programsFolder()
  const folder = join(options.dir, 'kind')
  mkdirSync(folder, { recursive: true })
  // In the nodes of the user's, other pods may run the real images.
  const naming = options.adopt === undefined ? publicNames : ownNames
  const load = async (name: string, write: (file: string) => void) => {
    signal?.throwIfAborted()
    const file = join(folder, `${name}.tar`)
    write(file)
    await loadImages(engine, nodes, file)
    rmSync(file)
  }
  await load('emulated', (file) => writeEmulated(file, { programs, emulator, naming }))
  await load('idle', (file) => writeIdle(file, { programs, naming }))
  for (const installation of options.emqx ?? [])
    await load('emqx', (file) => writeInstallation(file, installation, naming))
  if (options.hasWeirImage) await load('weir', (file) => void writeWeirImage(file, 'weir: testbed kind'))
  if (build !== undefined) await load('operator', (file) => writeOperator(file, build))
}

interface Emulating {
  options: EmbeddedOptions
  faults: Faults
  /** An address of this machine that the API server reaches. */
  host: string
  http: PodHttp
  log(line: string): void
}

/** The emulated operator, in this process. */
async function emulateOperator(kube: KubeApi, { options, faults, host, http, log }: Emulating) {
  const line = options.operator as EmulatedLine
  await installDefinitions(kube, LINES[line])
  return startOperator(kube, {
    ...{ line, faults, http },
    pollIntervalSeconds: options.pollIntervalSeconds,
    webhook: { host, port: 0 },
    registry: options.adopt === undefined ? undefined : OWN_REGISTRY,
    log: (text) => log(`operator: ${text}`),
  })
}

/** Nodes of EMQX find each other by the names of Services. */
async function namesResolve(kube: KubeApi, signal: AbortSignal | undefined): Promise<void> {
  for (const endMs = Date.now() + DNS_MS; Date.now() < endMs; await sleep(POLL_MS)) {
    signal?.throwIfAborted()
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
