import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import type { Credential, EmqxCluster, EmqxNode } from '../emqx/index.ts'
import { bootstrapCredentials } from './bootstrap.ts'
import { type EmqxContainer, environmentOf, identityOf } from './emqx-pod.ts'
import { type Licensing, licensingOf } from './licence.ts'
import { KILLED, type Place, type Print, type Program, type Running } from './program.ts'

export interface EmqxProgramOptions {
  kube: KubeApi
  cluster: EmqxCluster
  bootMs: number
  terminateMs: number
  log(line: string): void
}

/** An emulated EMQX node of this release. */
export function emqxProgram(version: string, options: EmqxProgramOptions): Program {
  return {
    async prepare({ pod, container, podIp }) {
      const emqx = { pod, env: environmentOf(pod, container, podIp) }
      const credentials = await bootstrapCredentials(options.kube, emqx, container)
      if ('missing' in credentials)
        return {
          missing: `MountVolume.SetUp failed for volume "${credentials.volume}" : ${credentials.missing}`,
        }
      const licensing = await licensingOf(options.kube, { pod, container, podIp })
      if ('missing' in licensing)
        return { missing: `MountVolume.SetUp failed for volume "${licensing.volume}" : ${licensing.missing}` }
      return { start: (print) => run(version, emqx, podIp, { credentials, ...licensing, print }, options) }
    },
  }
}

function run(
  version: string,
  emqx: EmqxContainer,
  ip: Place['podIp'],
  given: { credentials: Credential[]; print: Print } & Licensing,
  { cluster, bootMs, terminateMs, log }: EmqxProgramOptions,
): Running {
  const boot = new AbortController()
  const { promise: exited, resolve: exit } = Promise.withResolvers<number>()
  let node: EmqxNode | undefined
  const signal = boot.signal
  const { env } = emqx
  cluster.startNode({ ...identityOf(emqx), env, ip, version, ...given, bootMs, terminateMs, signal }).then(
    (made) => {
      node = made
    },
    (error) => {
      if (!signal.aborted) log(`pod ${emqx.pod.metadata.name}: ${messageOf(error)}`)
      exit(1)
    },
  )
  return {
    exited,
    terminate() {
      boot.abort(new Error('the pod is being deleted'))
      if (node === undefined) exit(0)
      else
        node.terminate().then(
          () => exit(0),
          () => exit(1),
        )
    },
    kill() {
      boot.abort(new Error('the pod is gone'))
      node?.kill()
      exit(KILLED)
    },
  }
}
