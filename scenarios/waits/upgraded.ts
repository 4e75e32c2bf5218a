import { blockerText, tagOf } from '#weir/facts/index.ts'
import type { LivePod } from '../run/live-cluster.ts'
import { recordParameters } from '../run/parameters.ts'
import { untilRead } from '../run/read-resource.ts'
import type { Run } from '../run/run.ts'
import type { Trigger } from '../run/state.ts'
import { needsService } from './needs-service.ts'
import { some, type Wait } from './wait.ts'

function podsMissing({ live, state }: Run, trigger: Trigger): string | undefined {
  const { sets } = live
  const wanted = state.parameters?.nodes ?? 0
  // Pods of a change that was corrected may be left for ever, and never start: no released operator removes them.
  const stuck = new Set(setsWithout(live.pods, ({ blocked }) => blocked === undefined))
  const pods = live.pods.filter(({ set }) => !stuck.has(set))
  const old = pods.filter(({ uid }) => trigger.pods.has(uid))
  if (live.blocker && pods.length - old.length < wanted) return blockerText(live.blocker)
  if (old.length > 0) return `${old.length} old pods are still there: ${some(old.map(({ name }) => name))}`
  if (pods.length !== wanted) return `there are ${pods.length} new pods of ${wanted}`
  const unready = pods.filter(({ ready, deleting }) => !ready || deleting)
  if (unready.length > 0) return `new pods are not ready: ${some(unready.map(({ name }) => name))}`
  const wrong = pods.find(
    ({ image }) => trigger.version !== undefined && tagOf(image ?? '') !== trigger.version,
  )
  if (wrong)
    return `pod ${wrong.name} runs ${wrong.image ?? 'an unknown image'}, not version ${trigger.version}`
  const inUse = new Set(pods.map(({ set }) => set))
  const left = sets.find(
    ({ name, replicas, specReplicas }) =>
      trigger.sets.includes(name) && !inUse.has(name) && replicas + specReplicas > 0,
  )
  return left ? `the old set ${left.name} still has ${left.replicas} pods of ${left.specReplicas}` : undefined
}

/** Sets none of whose pods is such. */
const setsWithout = (pods: readonly LivePod[], is: (pod: LivePod) => boolean): string[] =>
  [...Map.groupBy(pods, ({ set }) => set)].flatMap(([set, own]) => (own.some(is) ? [] : [set]))

/**
 * A change that is corrected on the way, e.g. an image that does not exist, is done when the cluster is as the last change asks.
 * Only a generation after the change's own counts: the watch may still bring states from before it.
 */
async function followCorrection(run: Run, { asked }: Trigger): Promise<void> {
  const { resource } = run.live
  if (!asked || !resource || resource.generation <= asked.generation) return
  const { generation, version } = resource
  const isCorrected = version !== undefined && version !== asked.version
  run.state.versionAsked({ generation, version: version ?? asked.version }, isCorrected ? version : undefined)
  if (!isCorrected) return
  run.emit({ type: 'note', level: 'info', text: `The change was corrected: the version is now ${version}.` })
  await recordParameters(run, await untilRead(run))
}

async function poll(run: Run): Promise<string | undefined> {
  const { live, cluster } = run
  if (run.state.trigger) await followCorrection(run, run.state.trigger)
  const { trigger } = run.state
  if (!trigger) return 'nothing has been changed'
  const missing = podsMissing(run, trigger)
  if (missing) return missing
  const { resource } = live
  if (!resource || resource.t <= trigger.t || !resource.settled)
    return `${cluster.dialect.kind} ${cluster.name} is not settled: condition ${resource?.condition ?? 'none'}`
  const strangers = (live.endpoints ?? []).filter((member) => !live.pods.some(({ name }) => name === member))
  if (strangers.length > 0) return `the Service still leads to ${some(strangers)}`
  return live.endpoints?.length || !needsService(run) ? undefined : 'the Service leads to no pod'
}

/**
 * Only new pods of the new version exist, no old set has pods, the Service leads to the new pods, and the resource is settled after the
 * change. The resource alone is not enough: right after the change it still has its old status.
 */
export const upgraded: Wait = {
  everyMs: 200,
  poll,
  async after(run) {
    run.emit({ type: 'mark', name: 'upgrade-done' })
    run.state.changeDone()
    await run.listings.all()
  },
}
