import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import { startScheduler } from '../controllers/scheduler.ts'
import { writeKubeconfig } from '../embedded/kubeconfig.ts'
import { KUBELET_PORT, type Plane, type PlaneOptions } from '../plane.ts'
import { carryTo } from '../programs/carry.ts'
import { cacheDir, type PlaneProgram } from './build/cache.ts'
import { kubernetesVersion, readModules } from './build/modules.ts'
import { API_PORT, API_URL, writePlaneFiles } from './files.ts'
import { isServiceAddress, LOAD_BALANCER_PREFIX, makeNetwork, NODE_IP, POD_PREFIX } from './network.ts'
import { lastComplaint, type PlaneProcess, startProgram } from './process.ts'

/** Ready in 4 to 5 s on an idle machine. */
const READY_MS = 90_000
const POLL_MS = 50

/**
 * etcd, kube-apiserver and kube-controller-manager as processes of the network namespace that this process is in, which must be a new
 * one. Pods are bound by weir's own scheduler. Resolves when the API server is ready and the controllers have made what every namespace
 * has. Throws WEIR_CONTROL_PLANE or WEIR_TESTBED.
 */
export async function startControlPlane({ nodeName, dir: home, log, client }: PlaneOptions): Promise<Plane> {
  makeNetwork()
  const dir = join(home, 'control-plane')
  rmSync(dir, { recursive: true, force: true })
  const { certificate, key, token } = writePlaneFiles(dir)
  const cache = cacheDir(kubernetesVersion(readModules()))
  const processes: PlaneProcess[] = []
  const deaths: Promise<WeirError>[] = []
  const start = (name: PlaneProgram) => {
    const process = startProgram(name, { cache, dir })
    processes.push(process)
    deaths.push(process.died)
  }
  const close = async () => {
    await Promise.all(processes.map((process) => process.end()))
    rmSync(dir, { recursive: true, force: true })
  }
  const unlessDead = async <T>(work: Promise<T>): Promise<T> => {
    const death = Promise.race(deaths).then((error) => Promise.reject(error))
    return await Promise.race([work, death as Promise<never>])
  }
  try {
    const kubeconfig = join(home, 'kubeconfig')
    await writeKubeconfig(kubeconfig, API_URL, token, { certificate })
    const kube = client(kubeconfig)
    start('etcd')
    start('kube-apiserver')
    await unlessDead(becomesReady(kube, dir))
    start('kube-controller-manager')
    await unlessDead(hasAccount(kube, dir))
    const scheduler = startScheduler(client(kubeconfig), nodeName, (where, error) =>
      log(`scheduler: ${where}: ${messageOf(error)}`),
    )
    await scheduler.ready
    return {
      kubeconfig,
      apiServer: { host: NODE_IP, port: API_PORT, certificate },
      nodeIp: NODE_IP,
      kubelet: { host: NODE_IP, port: KUBELET_PORT, key, certificate },
      podPrefix: POD_PREFIX,
      loadBalancerPrefix: LOAD_BALANCER_PREFIX,
      isServiceAddress,
      directory: { find: (ip) => (ip === NODE_IP ? carryTo(ip) : undefined) },
      died: Promise.race(deaths),
      async close() {
        scheduler.stop()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function answers(kube: KubeApi, path: string, otherwise: () => string): Promise<void> {
  for (const endMs = Date.now() + READY_MS; Date.now() < endMs; await sleep(POLL_MS)) {
    const answer = await kube.raw('GET', path).catch(() => undefined)
    if (answer?.status === 200) return
  }
  throw new WeirError('WEIR_TESTBED', `${otherwise()} after ${READY_MS / 1000} s`)
}

const becomesReady = (kube: KubeApi, dir: string) =>
  answers(kube, '/readyz', () => `kube-apiserver is not ready${complaintOf('kube-apiserver', dir)}`)

/** Pods are refused until the controllers have made the ServiceAccount that they act as. */
const hasAccount = (kube: KubeApi, dir: string) =>
  answers(
    kube,
    '/api/v1/namespaces/default/serviceaccounts/default',
    () => `the namespace default has no ServiceAccount${complaintOf('kube-controller-manager', dir)}`,
  )

const complaintOf = (name: PlaneProgram, dir: string) => lastComplaint(join(dir, `${name}.log`))
