import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { OperatorEnvironment } from './environment.ts'
import type { Pass } from './pass.ts'
import { stepsOf } from './reconcile.ts'
import { isCommon, isNotFound } from './runtime/errors.ts'
import { WorkQueue } from './runtime/work-queue.ts'
import type { EmqxEnterprise } from './types.ts'

const COMMON_ERROR_MS = 1000

/** `no-initial-delay`: between the joining of the new set and its first evacuation the operator does not rest. */
const IMPATIENT_MS = 20

function isImpatient({ env, cr }: Pass): boolean {
  const [newest] = cr.status?.conditions ?? []
  const moving = cr.status?.blueGreenUpdateStatus?.evacuationsStatus !== undefined
  return env.faults.on('no-initial-delay') && newest?.type === 'BlueGreenUpdating' && !moving
}

const keyOf = ({ metadata }: EmqxEnterprise) => `${metadata.namespace}/${metadata.name}`

/**
 * Looks at every EmqxEnterprise: when its generation changes, and again after a pause. Nothing else is watched, so
 * whatever happens to sets, pods and EMQX waits for the next beat.
 */
export function startEnterpriseController(env: OperatorEnvironment): {
  ready: Promise<void>
  stop(): Promise<void>
} {
  const queue = new WorkQueue(env.clock)
  const steps = stepsOf(env.line)
  const generations = new Map<string, number | undefined>()

  async function pass(key: string): Promise<number | undefined> {
    const [namespace, name = ''] = key.split('/')
    let cr: EmqxEnterprise
    try {
      cr = await env.kube.get<EmqxEnterprise>(resources.emqxEnterprises, namespace, name)
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
    if (cr.metadata.deletionTimestamp !== undefined) return undefined
    const unsaid = env.unsaid.get(cr.metadata.uid ?? '')
    const look: Pass = { env, cr: { ...cr, status: unsaid ?? cr.status } }
    for (const step of steps) {
      const result = await step(look)
      if (result !== undefined) return result.requeueAfterMs
    }
    return isImpatient(look) ? IMPATIENT_MS : env.idleMs
  }

  queue.start(async (key) => {
    try {
      const requeueAfterMs = await pass(key)
      queue.forget(key)
      if (requeueAfterMs !== undefined) queue.addAfter(key, requeueAfterMs)
    } catch (error) {
      env.log(`reconcile ${key}: ${error instanceof Error ? error.message : String(error)}`)
      if (isCommon(error)) queue.addAfter(key, COMMON_ERROR_MS)
      else queue.addRateLimited(key)
    }
  })

  const seen = (cr: EmqxEnterprise) => {
    const key = keyOf(cr)
    if (generations.has(key) && generations.get(key) === cr.metadata.generation) return
    generations.set(key, cr.metadata.generation)
    queue.add(key)
  }
  const watch = env.kube.watch<EmqxEnterprise>(
    resources.emqxEnterprises,
    {},
    {
      onList: (items) => items.forEach(seen),
      onEvent(type, cr) {
        if (type !== 'DELETED') return seen(cr)
        generations.delete(keyOf(cr))
        env.unsaid.delete(cr.metadata.uid ?? '')
        queue.add(keyOf(cr))
      },
      onGap: (reason) => env.log(`watch of EmqxEnterprise: ${reason}`),
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
