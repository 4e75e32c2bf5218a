import type { ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import type { Pod, Strings } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Place, Program, Running } from '../kubelet/program.ts'
import { expand, fullEnvironment } from './environment.ts'
import type { ClusterNames } from './names/index.ts'
import { printLines } from './print-lines.ts'
import { type Mount, runInSandbox, spawnInSandbox, withLog } from './sandbox.ts'
import { mountServiceAccount } from './service-account.ts'
import { mountVolumes } from './volumes.ts'

/** What an image holds. */
export interface ImageContent {
  /** The program and its first arguments, where the container names none. */
  entrypoint: readonly string[]
  mounts(place: Place): readonly Mount[]
  env?(place: Place): Strings
  /** How much it gives way to others on a busy processor, as nice(1) has it; 0 when left out. */
  niceness?: number
}

export interface ProcessOptions {
  kube: KubeApi
  names: ClusterNames
  apiServer: { host: string; port: number; certificate: string }
  /** For what programs mount and write; removed with the cluster. */
  dir: string
  /** For what programs print, one file for each container. */
  logs: string
}

/** Runs a program of this machine as the container of a pod, with the environment, files and names that it would have there. */
export function processProgram(image: ImageContent, options: ProcessOptions): Program {
  return {
    async prepare(place) {
      const { pod, podIp, container } = place
      const { kube, names, apiServer } = options
      const dir = join(options.dir, 'pods', pod.metadata.uid ?? pod.metadata.name)
      const root = join(dir, container.name)
      mkdirSync(root, { recursive: true })
      const claims = join(options.dir, 'claims')
      const volumes = await mountVolumes(container, { kube, pod, podIp, dir: join(dir, 'volumes'), claims })
      if ('missing' in volumes) return volumes
      const environment = await fullEnvironment(kube, place, apiServer)
      if ('missing' in environment) return environment
      const account = await mountServiceAccount(kube, pod, { dir, certificate: apiServer.certificate })
      const env = { ...environment.env, ...image.env?.(place) }
      const mounts = [
        ...names.mountsFor(pod.metadata.namespace ?? 'default'),
        ...image.mounts(place),
        ...(account === undefined ? [] : [account]),
        ...volumes.mounts,
      ]
      const command = commandOf(place, image, env)
      const workingDir = (container.workingDir as string | undefined) ?? '/'
      return {
        start(print) {
          const file = logFile(options.logs, pod, container.name)
          const stopped = printLines(file, print)
          const hostname = pod.metadata.name
          const child = withLog(file, (log) =>
            spawnInSandbox({
              command,
              env,
              mounts,
              root,
              hostname,
              workingDir,
              log,
              niceness: image.niceness,
            }),
          )
          const program = running(child)
          return {
            ...program,
            exited: program.exited.then((code) => {
              stopped()
              return code
            }),
            exec: (command) => withLog(file, (log) => runInSandbox(child.pid ?? 0, { command, env, log })),
          }
        },
      }
    },
  }
}

function commandOf({ container }: Place, { entrypoint }: ImageContent, env: Strings): string[] {
  const command = (container.command as string[] | undefined) ?? [...entrypoint]
  const args = (container.args as string[] | undefined) ?? []
  return [...command, ...args].map((word) => expand(word, env))
}

/** Where a container's program prints to, one start after the other. */
export const logFile = (logs: string, { metadata }: Pod, container: string): string =>
  join(logs, `${metadata.name}_${container}.log`)

function running(child: ChildProcess): Running {
  const exited = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127))
    child.once('exit', (code, signal) => {
      // What it started ends with it, as with a container.
      signalGroup(child, 'SIGKILL')
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
  return {
    exited,
    terminate: () => child.kill('SIGTERM'),
    kill: () => signalGroup(child, 'SIGKILL'),
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    // All of it has already ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
