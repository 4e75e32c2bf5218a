import { join } from 'node:path'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { isReady, type Node } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import type { Disturbance, EmulatedLine } from '#weir/facts/index.ts'
import { startLoadBalancers } from '../controllers/load-balancers.ts'
import { createEmqxCluster } from '../emqx/index.ts'
import { makeFaults } from '../faults/index.ts'
import { isEmqx5 } from '../kubelet/image.ts'
import { startKubelet } from '../kubelet/index.ts'
import {
  installDefinitions,
  isController,
  LINES,
  type OperatorOptions,
  OperatorProgram,
  startOperator,
} from '../operator/index.ts'
import { installOperator } from '../operator/install/install.ts'
import { prepareOperator } from '../operator/install/program.ts'
import type { Plane, PlaneOptions } from '../plane.ts'
import { emqxImage } from '../programs/emqx-image.ts'
import { startPrograms } from '../programs/index.ts'
import { checkSandbox } from '../programs/sandbox.ts'
import { isWeirImage, weirImage } from '../programs/weir-image.ts'
import { startProxy } from '../proxy/index.ts'
import type { EmbeddedOptions, TestbedKind } from '../types.ts'
import { canListen } from './block.ts'
import { disturbing } from './disturbing.ts'

const NODE_NAME = 'weir-node'
const READY_MS = 30_000
const POLL_MS = 20

async function nodeIsReady(kube: KubeApi): Promise<void> {
  for (const endMs = Date.now() + READY_MS; Date.now() < endMs; ) {
    const { items } = await kube.list<Node>(resources.nodes)
    if (items.some(isReady)) return
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  throw new WeirError(
    'WEIR_TESTBED',
    `the node ${NODE_NAME} does not become Ready: look at the testbed's log`,
  )
}

/** Loaded on demand: each is a large part of a testbed. */
async function planeOf(kind: TestbedKind = 'embedded'): Promise<(options: PlaneOptions) => Promise<Plane>> {
  return kind === 'embedded'
    ? (await import('./plane.ts')).startEmulatedPlane
    : (await import('../control-plane/plane.ts')).startControlPlane
}

export interface Cluster {
  kubeconfig: string
  /** Resolves when a part that is a process of its own dies without having been closed. */
  died?: Promise<WeirError>
  /** Begins a disturbance. Returns why it cannot; left out where none can be begun. */
  disturb?(disturbance: Disturbance): string | undefined
  close(): Promise<void>
}

/** An operator's webhooks listen on all addresses of the machine, so only one build of an operator can run at a time. */
async function mustBeFree(port: number): Promise<void> {
  if (await canListen('0.0.0.0', port)) return
  throw new WeirError(
    'WEIR_ADDRESS_IN_USE',
    `port ${port} is taken, where the operator's webhooks are to listen: end the other operator, or whatever else listens there`,
  )
}

/**
 * Builds a testbed's cluster in this process. Resolves when its API server answers, the operator's definitions are
 * established and its node is Ready. Everything but an emulated API server speaks to it as it would to a real one.
 * Tests may replace the operator's HTTP client and EMQX's boot time, and follow the operator's passes.
 */
export async function assemble(
  options: EmbeddedOptions,
  log: (line: string) => void,
  { operator: seams, bootMs }: { operator?: Pick<OperatorOptions, 'http' | 'onPass'>; bootMs?: number } = {},
): Promise<Cluster> {
  const closers: (() => void | Promise<void>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  const part = (name: string) => (line: string) => log(`${name}: ${line}`)
  try {
    const faults = makeFaults(options.faults)
    const { operator: which, dir } = options
    const build = typeof which === 'string' ? undefined : prepareOperator(which)
    if (build !== undefined || options.emqx !== undefined) checkSandbox()
    if (build?.webhookPort !== undefined) await mustBeFree(build.webhookPort)
    // A client for each part, as if each were a separate program.
    const clientOf = (kubeconfig: string) => {
      const kube = createKubeApi({ kubeconfig })
      closers.push(() => kube.close())
      return kube
    }
    const startPlane = await planeOf(options.kind)
    const plane = await startPlane({ nodeName: NODE_NAME, dir, faults, log, client: clientOf })
    const { kubeconfig, apiServer, nodeIp, podPrefix, isServiceAddress } = plane
    closers.push(() => plane.close())
    const client = () => clientOf(kubeconfig)
    const kube = client()
    if (typeof which === 'string') await installDefinitions(kube, LINES[which])
    const cluster = createEmqxCluster({
      faults,
      seed: options.seed,
      healthCheckWaitSeconds: options.healthCheckWaitSeconds,
    })
    closers.push(() => cluster.close())
    const programs = await startPrograms(client(), {
      apiServer,
      dir: join(options.dir, 'programs'),
      logs: options.logs ?? join(options.dir, 'logs'),
      log: part('programs'),
    })
    closers.push(() => programs.close())
    if (build !== undefined)
      programs.serve((image) => image === build.image, {
        entrypoint: [build.at],
        mounts: () => [{ from: build.binary, at: build.at }],
      })
    programs.serve(isWeirImage, weirImage())
    for (const { version, dir } of options.emqx ?? []) {
      const image = emqxImage(dir, join(options.dir, 'programs', 'emqx'))
      programs.serve((name) => isEmqx5(name, version), image)
    }
    const balancers = startLoadBalancers(
      client(),
      { ...options.loadBalancer, prefix: plane.loadBalancerPrefix },
      (where, error) => part('cloud')(`${where}: ${messageOf(error)}`),
    )
    closers.push(() => balancers.stop())
    const proxy = await startProxy(client(), {
      directory: { find: (ip) => cluster.find(ip) ?? programs.find(ip) ?? plane.directory?.find(ip) },
      nodes: [{ name: NODE_NAME, ip: nodeIp }],
      isServiceAddress,
      seed: options.seed,
      faults,
      firstEvacuation: cluster.firstEvacuation,
      onError: (error) => part('proxy')(error.message),
    })
    closers.push(() => proxy.stop())
    // A process that begins anew finds the same faults in the state in which the last one left them.
    const [v1beta4, v2beta1, v3beta1] = [faults.v1beta4(), faults.v2beta1(), faults.v3beta1()]
    const emulatedOperator = (line: EmulatedLine) => {
      const kube = client()
      return new OperatorProgram((panicked) =>
        startOperator(kube, {
          line,
          pollIntervalSeconds: options.pollIntervalSeconds,
          faults: { v1beta4: () => v1beta4, v2beta1: () => v2beta1, v3beta1: () => v3beta1 },
          webhook: { host: nodeIp, port: 0 },
          ...seams,
          panicked,
          log: part('operator'),
        }),
      )
    }
    const operator = typeof which === 'string' ? emulatedOperator(which) : undefined
    const kubelet = await startKubelet(client(), {
      nodeName: NODE_NAME,
      nodeIp,
      podIpPrefix: podPrefix,
      server: plane.kubelet,
      cluster,
      programOf: (image) => (isController(image) ? operator : undefined) ?? programs.programOf(image),
      seed: options.seed,
      secretSyncSeconds: options.secretSyncSeconds,
      bootMs,
      log: part('kubelet'),
    })
    closers.push(() => kubelet.stop())
    if (operator !== undefined) {
      closers.push(() => operator.stop())
      await operator.begin()
    } else if (build !== undefined)
      await installOperator(kube, build, part('operator'), () => programs.lastWords(build.image))
    const { harnessPid } = options
    if (harnessPid !== undefined)
      closers.push(faults.host({ harnessPid, firstEvacuation: cluster.firstEvacuation }))
    await nodeIsReady(kube)
    const disturb = disturbing(plane, cluster, log)
    return { kubeconfig, disturb, close, ...(plane.died && { died: plane.died }) }
  } catch (error) {
    await close()
    throw error
  }
}
