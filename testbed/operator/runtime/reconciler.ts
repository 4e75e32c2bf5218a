import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import { keyOf, type Pod, type StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { EventRecorder } from '../../runtime/event-recorder.ts'
import { WorkQueue } from '../../runtime/work-queue.ts'
import type { LineSwitches } from '../lines.ts'
import { isCommon, Panic } from './errors.ts'
import type { PodHttp } from './pod-http.ts'

const COMMON_ERROR_MS = 1000

export interface Reconciler<T extends KubeObject> {
  resource: Resource
  /** One pass over one resource. Returns the pause until the next one, if there is to be one. */
  pass(cr: T): Promise<number | undefined>
  /** Passes also over resources that are being deleted, and after every change, not only of the generation. */
  always?: boolean
  /** An error that makes the resource wait ever longer. */
  failed?(cr: T, error: unknown): void
  /** The resource is gone. */
  gone?(cr: T): void
}

interface Environment {
  kube: KubeApi
  clock: Clock
  /** A pass over a resource of this kind begins; a retry follows a pass that failed. */
  onPass?: ((kind: string, isRetry: boolean) => void) | undefined
  /** The process of a real operator would have ended here. */
  panicked?: ((error: Error) => void) | undefined
  log(line: string): void
}

/**
 * Passes over every resource of a kind, one at a time: when its generation changes, and again after a pause. Nothing else is
 * watched, so whatever happens to sets, pods and EMQX waits for the next pass.
 */
export function startReconciler<T extends KubeObject>(
  { kube, clock, log, onPass, panicked }: Environment,
  { resource, pass, always = false, failed, gone }: Reconciler<T>,
): { ready: Promise<void>; stop(): Promise<void> } {
  const generations = new Map<string, number | undefined>()
  const failedLast = new Set<string>()

  async function reconcile(key: string): Promise<void> {
    const [namespace, name = ''] = key.split('/')
    const cr = await unlessGone(kube.get<T>(resource, namespace, name))
    if (cr === undefined || (cr.metadata.deletionTimestamp !== undefined && !always)) return
    onPass?.(resource.kind, failedLast.delete(key))
    try {
      const requeueAfterMs = await pass(cr)
      if (requeueAfterMs !== undefined) queue.addAfter(key, requeueAfterMs)
    } catch (error) {
      if (error instanceof Panic) panicked?.(error)
      failedLast.add(key)
      if (!isCommon(error)) failed?.(cr, error)
      throw error
    }
  }

  const queue = new WorkQueue(reconcile, {
    clock,
    workers: 1,
    backOff: { firstMs: 5, longestMs: 1_000_000 },
    onError: (key, error) => log(`reconcile ${resource.kind} ${key}: ${messageOf(error)}`),
    pauseMs: (error) => (isCommon(error) ? COMMON_ERROR_MS : undefined),
  })
  const seen = (cr: T) => {
    const key = keyOf(cr)
    if (!always && generations.has(key) && generations.get(key) === cr.metadata.generation) return
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

/** What every part of the operator works with. */
export interface OperatorEnvironment extends Environment {
  line: LineSwitches
  recorder: EventRecorder
  http: PodHttp
  /** The pause after a pass that found nothing to complain about. */
  idleMs: number
  /** In [0, 1). */
  random(): number
}

/** What faults may change in the passes over either kind of resource. */
export interface PassHooks<Cr extends { status?: unknown }, Pass> {
  /** The status that a pass begins with. */
  statusBefore(cr: Cr): Cr['status'] | undefined
  onDeleted(cr: Cr): void
  /** A set as the operator writes it, given as the resource asks for it. */
  setToWrite(pass: Pass, set: StatefulSet): StatefulSet
  /** The pause after a pass that waits for nothing. */
  pauseMs(pass: Pass, honestMs: number): number
  /** Old pods stay in the Service until they are deleted. */
  readonly keepsOldServing: boolean
  /** Old pods in the order of their evacuations. Given are cores by ordinal, others by name, greatest first. */
  inOrder(descending: Pod[]): Pod[]
  readonly nodesAtOnce: number
  /** An object as it is sent to the API server. */
  asWritten<T extends KubeObject>(object: T): T
}

/** The released operators. */
export const HONEST_PASSES = {
  statusBefore: <Status>({ status }: { status?: Status }) => status,
  onDeleted() {},
  setToWrite: (_pass: unknown, set: StatefulSet) => set,
  pauseMs: (_pass: unknown, honestMs: number) => honestMs,
  keepsOldServing: false,
  inOrder: (descending: Pod[]) => descending,
  nodesAtOnce: 1,
  asWritten: <T extends KubeObject>(object: T) => object,
}

/** A step that ends the pass returns the pause until the next one. */
export type StepOf<Pass> = (pass: Pass) => Promise<{ requeueAfterMs: number } | undefined>
