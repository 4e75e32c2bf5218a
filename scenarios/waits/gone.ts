import { isDeepStrictEqual } from 'node:util'
import { leftoversOf } from '#weir/cluster/index.ts'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import { isVolume } from '#weir/facts/index.ts'
import type { Run } from '../run/run.ts'
import { some, type Wait } from './wait.ts'

async function poll(run: Run): Promise<string | undefined> {
  const { live, state, cluster } = run
  const { kube, dialect, namespace, name } = cluster
  const what = `${dialect.kind} ${name}`
  if (!state.trigger) return 'nothing has been changed'
  if (live.resource && !live.resource.deleted) {
    const resource = await unlessGone(cluster.resource())
    const finalizers = resource?.metadata.finalizers ?? []
    return `${what} is still there${finalizers.length > 0 ? `, held by ${finalizers.join(', ')}` : ''}`
  }
  const left = await leftoversOf(kube, dialect, { namespace, name, uid: state.deletedUid })
  if (!isDeepStrictEqual(left, state.leftovers)) run.emit({ type: 'leftovers', ...left })
  state.leftoversFound(left)
  // Volumes outlive their cluster on purpose: they are told, and not awaited.
  const others = left.found.filter((one) => !isVolume(one))
  return others.length > 0
    ? `of ${what} there is still ${some(others.map((one) => `${one.kind} ${one.name}`))}`
    : undefined
}

/** The resource is deleted, and nothing of it is left but volumes. */
export const gone: Wait = { everyMs: 500, poll }
