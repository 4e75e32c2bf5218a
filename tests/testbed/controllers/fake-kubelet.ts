import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { type KubeApi, KubeApiError } from '#weir/cluster/kubernetes/types.ts'

export interface FakeKubelet {
  ready: Promise<void>
  /** Pods are brought up as soon as they are bound; off, they stay Pending until `bringUp`. */
  isEager: boolean
  bringUp(name: string): Promise<void>
  setReady(name: string, isReady: boolean): Promise<void>
  fail(name: string): Promise<void>
  stop(): void
}

const now = () => new Date().toISOString().replace(/\.\d+Z$/, 'Z')

/** Reports bound pods as running, each with an address of its own, and lets deleted ones go at once. */
export function startFakeKubelet(kube: KubeApi, errors: unknown[]): FakeKubelet {
  let host = 1
  const addresses = new Map<string, string>()
  const pods = new Map<string, Pod>()
  const begun = new Set<string>()

  const report = (name: string, status: object) =>
    kube.patch(resources.pods, 'default', name, 'strategic', { status }, { subresource: 'status' })
  const conditions = (isReady: boolean) =>
    ['Initialized', 'Ready', 'ContainersReady'].map((type) => ({
      type,
      status: isReady || type === 'Initialized' ? 'True' : 'False',
      lastTransitionTime: now(),
    }))

  async function bringUp(name: string): Promise<void> {
    const uid = pods.get(name)?.metadata.uid ?? name
    if (!addresses.has(uid)) addresses.set(uid, `127.3.5.${++host}`)
    await report(name, { phase: 'Running', podIP: addresses.get(uid), conditions: conditions(true) })
  }

  async function end(pod: Pod): Promise<void> {
    const { name, uid } = pod.metadata
    await report(name, { phase: 'Succeeded', conditions: conditions(false) })
    await kube.delete(resources.pods, 'default', name, { gracePeriodSeconds: 0, uid: uid! })
  }

  function see(pod: Pod): void {
    const { name, uid = '', deletionTimestamp } = pod.metadata
    pods.set(name, pod)
    const task = deletionTimestamp ? `end ${uid}` : `up ${uid}`
    if (begun.has(task) || !pod.spec.nodeName || (!deletionTimestamp && !kubelet.isEager)) return
    begun.add(task)
    ;(deletionTimestamp ? end(pod) : bringUp(name)).catch((error: unknown) => {
      const isGone = error instanceof KubeApiError && (error.status === 404 || error.status === 409)
      if (!isGone) errors.push(error)
    })
  }

  const watch = kube.watch<Pod>(
    resources.pods,
    {},
    {
      onList: (items) => items.forEach(see),
      onEvent: (type, pod) => {
        if (type !== 'DELETED') see(pod)
      },
      onGap() {},
    },
  )
  const kubelet: FakeKubelet = {
    ready: watch.ready,
    isEager: true,
    bringUp,
    setReady: async (name, isReady) => {
      await report(name, { conditions: conditions(isReady) })
    },
    fail: async (name) => {
      await report(name, { phase: 'Failed', conditions: conditions(false) })
    },
    stop: () => watch.stop(),
  }
  return kubelet
}
