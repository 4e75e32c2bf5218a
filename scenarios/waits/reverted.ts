import { serving } from '#weir/facts/index.ts'
import { some, type Wait } from './wait.ts'

/**
 * A change was taken back: the resource is settled again, the pods from before the change are ready, and the Service leads to them and to
 * no others. Pods that the change made and that never started may be left: no released operator removes them.
 */
export const reverted: Wait = {
  everyMs: 200,
  poll({ live, cluster, state: { trigger }, scenario }) {
    if (trigger?.takenBack === undefined) return 'no change has been taken back'
    const { resource, pods } = live
    const what = `${cluster.dialect.kind} ${cluster.name}`
    if (!resource || resource.generation < trigger.takenBack) return `${what} is still as the change left it`
    const old = pods.filter(({ uid }) => trigger.pods.has(uid))
    if (old.length < trigger.pods.size) return `${old.length} of ${trigger.pods.size} pods are left`
    const unready = old.filter(({ ready, deleting }) => !ready || deleting)
    if (unready.length > 0) return `pods are not ready: ${some(unready.map(({ name }) => name))}`
    if (!resource.settled) return `${what} is not settled: condition ${resource.condition ?? 'none'}`
    if (scenario.fleet.clients === 0) return undefined
    const members = live.endpoints ?? []
    const wanted = serving(old).map(({ name }) => name)
    const wrong = [
      ...wanted.filter((name) => !members.includes(name)),
      ...members.filter((name) => !wanted.includes(name)),
    ]
    return wrong.length === 0
      ? undefined
      : `the Service does not lead to the pods from before: ${some(wrong)}`
  },
  async after(run) {
    run.emit({ type: 'mark', name: 'operation-done' })
    run.state.changeDone()
    await run.listings.all()
  },
}
