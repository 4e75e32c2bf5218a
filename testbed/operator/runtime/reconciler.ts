import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import type { Clock } from './clock.ts'
import { isCommon, isNotFound } from './errors.ts'
import { WorkQueue } from './work-queue.ts'

const COMMON_ERROR_MS = 1000

export interface Reconciler<T extends KubeObject> {
  resource: Resource
  /** One look at one resource; says when the next one comes, if it does so by itself. */
  pass(cr: T): Promise<number | undefined>
  /** Told of an error that makes the resource wait ever longer. */
  failed?(cr: T, error: unknown): void
  /** Told that a resource is gone. */
  gone?(cr: T): void
}

interface Environment {
  kube: KubeApi
  clock: Clock
  log(line: string): void
}

/**
 * Looks at every resource of a kind, one at a time: when its generation changes, and again after a pause. Nothing else is
 * watched, so whatever happens to sets, pods and EMQX waits for the next beat.
 */
export function startReconciler<T extends KubeObject>(
  { kube, clock, log }: Environment,
  { resource, pass, failed, gone }: Reconciler<T>,
): { ready: Promise<void>; stop(): Promise<void> } {
  const queue = new WorkQueue(clock)
  const generations = new Map<string, number | undefined>()
  const keyOf = ({ metadata }: KubeObject) => `${metadata.namespace}/${metadata.name}`

  async function find(key: string): Promise<T | undefined> {
    const [namespace, name = ''] = key.split('/')
    try {
      return await kube.get<T>(resource, namespace, name)
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  queue.start(async (key) => {
    let cr: T | undefined
    try {
      cr = await find(key)
      const isThere = cr !== undefined && cr.metadata.deletionTimestamp === undefined
      const requeueAfterMs = isThere && cr !== undefined ? await pass(cr) : undefined
      queue.forget(key)
      if (requeueAfterMs !== undefined) queue.addAfter(key, requeueAfterMs)
    } catch (error) {
      log(`reconcile ${key}: ${error instanceof Error ? error.message : String(error)}`)
      if (isCommon(error)) return queue.addAfter(key, COMMON_ERROR_MS)
      if (cr !== undefined) failed?.(cr, error)
      queue.addRateLimited(key)
    }
  })

  const seen = (cr: T) => {
    const key = keyOf(cr)
    if (generations.has(key) && generations.get(key) === cr.metadata.generation) return
    generations.set(key, cr.metadata.generation)
    queue.add(key)
  }
  const watch = kube.watch<T>(
    resource,
    {},
    {
      onList: (items) => items.forEach(seen),
      onEvent(type, cr) {
        if (type !== 'DELETED') return seen(cr)
        generations.delete(keyOf(cr))
        gone?.(cr)
        queue.add(keyOf(cr))
      },
      onGap: (reason) => log(`watch of ${resource.kind}: ${reason}`),
    },
  )
  return {
    ready: watch.ready,
    async stop() {
      watch.stop()
      await queue.stop()
    },
  }
}
