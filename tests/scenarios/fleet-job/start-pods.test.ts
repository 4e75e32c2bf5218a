/** Pods that do not start: the user reads why, also when the Job cannot be removed. */
import { test } from 'uvu'
import { INDEX_ANNOTATION } from '#weir/cluster/fleet-job/objects.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { startPods } from '#weir/scenarios/fleet-job/start-pods.ts'
import { Interrupted } from '#weir/scenarios/run/endings.ts'
import { assertRejects } from '../../bench/support/rejects.ts'
import { FakeKube } from '../../cluster/fake-kube.ts'

/** Its one pod ends as soon as it is watched, or never comes. */
class FailingKube extends FakeKube {
  readonly #ends: boolean
  readonly #stays: boolean

  constructor({ ends = true, stays = false }: { ends?: boolean; stays?: boolean }) {
    super()
    this.#ends = ends
    this.#stays = stays
  }

  override async create<T>(...args: unknown[]): Promise<T> {
    const object = args[1] as KubeObject
    if (object.kind === 'Secret' && this.#ends) {
      const metadata = { name: 'pod-0', annotations: { [INDEX_ANNOTATION]: '0' } }
      this.watches
        .get('Pod')
        ?.onEvent('ADDED', { metadata, status: { phase: 'Failed', reason: 'Evicted' } } as KubeObject)
    }
    return { ...object, metadata: { ...object.metadata, uid: 'the-uid' } } as T
  }

  override async delete(): Promise<void> {
    if (this.#stays) throw new Error('connect ECONNREFUSED')
  }
}

const start = (kube: FakeKube, signal = new AbortController().signal) =>
  startPods(kube, { pods: 1, image: 'weir', fleet: { clients: 1, connectsInFlight: 1 }, access: {}, signal })

const STAYS =
  '; Job weir-fleet-[0-9a-f]{8} is still there \\(connect ECONNREFUSED\\): remove it with "kubectl --namespace q6 delete job weir-fleet-[0-9a-f]{8}"$'

test('why a pod does not start comes first, and what is left comes after it', async () => {
  const why = '^fleet pod pod-0 ended \\(Evicted\\): nothing was changed'
  await assertRejects(start(new FailingKube({})), 'WEIR_FLEET_JOB', new RegExp(`${why}$`))
  await assertRejects(start(new FailingKube({ stays: true })), 'WEIR_FLEET_JOB', new RegExp(`${why}${STAYS}`))
})

test('a run that is interrupted meanwhile says so, and what is left', async () => {
  const why = '^nothing was changed: the run was ended while the pods of its fleet started'
  for (const [stays, words] of [
    [false, `${why}$`],
    [true, why + STAYS],
  ] as const)
    await assertRejects(
      start(new FailingKube({ ends: false, stays }), AbortSignal.abort(new Interrupted())),
      'WEIR_DECLINED',
      new RegExp(words),
    )
})

test.run()
