/** A Job controller and a kubelet of one purpose: the pods of a fleet's Job are processes of this machine, without a container. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { INDEX_ANNOTATION } from '#weir/cluster/fleet-job/objects.ts'
import type { Pod, PodStatus } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeApi, KubeObject, WatchHandler } from '#weir/cluster/kubernetes/types.ts'
import { projectFile } from '../../support/project-file.ts'

interface FakePod {
  object: Pod
  child: ChildProcess
}

export interface FakeJobs {
  /** Its Jobs, Secrets and fleet pods are here; everything else is as it was. */
  kube: KubeApi
  /** As the Job and the Secret were created. */
  job: KubeObject | undefined
  secret: KubeObject | undefined
  pods: readonly FakePod[]
  /** Resolves when no process is left. */
  gone(): Promise<void>
}

let lastHost = 0

/** `dir`: for the pods' Secret. `over`: the API for everything else. */
export function fakeJobs(dir: string, over: Partial<KubeApi> = {}): FakeJobs {
  let handler: WatchHandler<Pod> | undefined
  const pods: FakePod[] = []
  const changed = (pod: FakePod, status: PodStatus) => {
    pod.object = { ...pod.object, status }
    handler?.onEvent('MODIFIED', pod.object)
  }
  function start(job: KubeObject, index: number): void {
    const { name, namespace = 'default' } = job.metadata
    const podIP = `127.${64 + ((process.pid >> 8) & 31)}.${process.pid & 255}.${++lastHost}`
    const child = spawn(process.execPath, [fileURLToPath(projectFile('cli/weir.mjs')), 'fleet-pod'], {
      env: { ...process.env, WEIR_POD_IP: podIP, WEIR_FLEET_SECRET: dir },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr!.on('data', (chunk) => {
      said += chunk
    })
    const object: Pod = {
      metadata: {
        name: `${name}-${index}-abcde`,
        namespace,
        annotations: { [INDEX_ANNOTATION]: String(index) },
      },
      spec: { containers: [] },
      status: {
        phase: 'Running',
        podIP,
        containerStatuses: [{ name: 'weir', state: { running: { startedAt: '' } } }],
      },
    }
    const pod = { object, child }
    pods.push(pod)
    handler?.onEvent('ADDED', object)
    child.once('exit', (code, signal) => {
      const exitCode = code ?? (signal === 'SIGKILL' ? 137 : 143)
      const reason = exitCode === 0 ? 'Completed' : 'Error'
      const terminated = { exitCode, reason, message: said, startedAt: '', finishedAt: '', containerID: '' }
      changed(pod, {
        phase: exitCode === 0 ? 'Succeeded' : 'Failed',
        containerStatuses: [{ name: 'weir', state: { terminated } }],
      })
    })
  }
  const fake: FakeJobs = {
    job: undefined,
    secret: undefined,
    pods,
    async gone() {
      const left = pods.filter(({ child }) => child.exitCode === null && child.signalCode === null)
      await Promise.all(left.map(({ child }) => new Promise((resolve) => child.once('exit', resolve))))
    },
    kube: {
      namespace: 'default',
      server: 'http://fake',
      ...over,
      async create(resource, object) {
        if (resource.kind === 'Job') {
          fake.job = object
          return { ...object, metadata: { ...object.metadata, uid: 'uid-of-job' } }
        }
        if (resource.kind !== 'Secret' || !fake.job) return over.create!(resource, object)
        const [, part = ''] = object.metadata.name.split(fake.job.metadata.name)
        mkdirSync(`${dir}${part}`, { recursive: true })
        for (const [name, text] of Object.entries(object.data as Record<string, string>))
          writeFileSync(join(`${dir}${part}`, name), Buffer.from(text, 'base64'))
        // The others come before the first, as a kubelet waits for all of them.
        if (part !== '') return object
        fake.secret = object
        const { completions } = fake.job.spec as { completions: number }
        for (let index = 0; index < completions; index++) start(fake.job, index)
        return object
      },
      watch(resource, options, wanted) {
        if (!options.labelSelector?.includes('job-name')) return over.watch!(resource, options, wanted)
        handler = wanted as unknown as WatchHandler<Pod>
        return { ready: Promise.resolve(), stop: () => (handler = undefined) }
      },
      async delete(resource, ...rest) {
        if (resource.kind !== 'Job') return over.delete!(resource, ...rest)
        for (const { child } of pods) child.kill('SIGTERM')
      },
      async exchange() {
        throw new Error('no proxy here')
      },
    } as KubeApi,
  }
  return fake
}
