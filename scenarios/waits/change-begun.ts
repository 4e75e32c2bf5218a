import { blockerText } from '#weir/facts/index.ts'
import { recordParameters } from '../run/parameters.ts'
import { readResource, untilRead } from '../run/read-resource.ts'
import type { Run } from '../run/run.ts'
import { snapshot } from '../run/snapshot.ts'
import type { BeforeChange } from '../run/state.ts'
import type { Wait } from './wait.ts'

/** A change that replaces no pod within this time is no update: a scale, a Service, a hot configuration. */
const HARMLESS_SECONDS = 60
/** The two watches are independent: a new set may be observed this long before its change. */
const AHEAD_SECONDS = 5

/**
 * Stores the cluster before the change, as soon as it is settled: a change while the fleet still connects must not count as the state
 * before.
 */
export async function rememberBefore(run: Run): Promise<void> {
  const generation = run.live.resource?.generation ?? 0
  const before = { ...snapshot(run), generation }
  const resource = await readResource(run)
  // No answer, or a change between watch and read: the version before the change is unknown.
  const isSame = resource?.metadata.generation === generation
  run.state.stillUnchanged({
    ...before,
    version: isSame ? run.cluster.dialect.version(resource) : undefined,
  })
}

interface Sign {
  what: string
  /** When it was observed. */
  t: number
}

const newSet = ({ live }: Run, before: BeforeChange) =>
  live.sets.find(({ name, specReplicas }) => specReplicas > 0 && !before.sets.includes(name))

/** What shows that pods are being replaced: a new set, the resource's status, an old pod that is deleted. */
function signOf(run: Run, before: BeforeChange): Sign | undefined {
  const { live, clock } = run
  const fresh = newSet(run, before)
  if (fresh) return { what: `new set ${fresh.name}`, t: fresh.t }
  if (live.resource?.updating) return { what: 'the resource reports an update', t: live.resource.t }
  const leaving = live.pods.find(({ uid, deleting }) => deleting && before.pods.has(uid))
  return leaving ? { what: `pod ${leaving.name} is being replaced`, t: clock.now() } : undefined
}

async function poll(run: Run): Promise<string | undefined> {
  const { resource } = run.live
  const name = `${run.cluster.dialect.kind} ${run.cluster.name}`
  if (!resource || resource.deleted) return `${name} does not exist`
  if (!run.state.beforeChange) await rememberBefore(run)
  const before = run.state.beforeChange
  if (!before) return `${name} is unknown`
  if (resource.generation === before.generation) {
    // Pods come and go by themselves: the change replaces the last ones. A set that is very new may belong to the change.
    const fresh = newSet(run, before)
    const mayBeAhead = fresh && (run.clock.now() - fresh.t) / 1e9 < AHEAD_SECONDS
    if (!mayBeAhead) run.state.stillUnchanged({ ...before, ...snapshot(run) })
    return `${name} has not been changed yet (generation ${before.generation})`
  }
  const sign = signOf(run, before)
  if (sign) {
    notice(run, before, resource.generationT, sign)
    return undefined
  }
  const changed = `${name} was changed to generation ${resource.generation}`
  if (run.live.blocker) return `${changed}, but ${blockerText(run.live.blocker)}`
  if ((run.clock.now() - resource.generationT) / 1e9 < HARMLESS_SECONDS)
    return `${changed}, and no pod is being replaced yet`
  run.emit({ type: 'note', level: 'info', text: `${changed}, but no pod was replaced: no update.` })
  run.state.noUpdateFollowed()
  return `${changed}, which was no update`
}

function notice(run: Run, before: BeforeChange, changedT: number, sign: Sign): void {
  const t = Math.min(changedT, sign.t - 1)
  run.record.event({ t, type: 'mark', name: 'trigger' })
  run.emit({ type: 'note', level: 'info', text: `A change was detected: ${sign.what}.` })
  const { pods, sets } = before
  run.state.changed({ t, pods, sets })
}

/** Reads the new version. The change is already marked, so a late answer loses nothing. */
async function learnVersion(run: Run): Promise<void> {
  const { cluster, state } = run
  const { trigger, beforeChange } = state
  if (!trigger) return
  const resource = await untilRead(run)
  const version = cluster.dialect.version(resource)
  const asked = { generation: resource.metadata.generation ?? 0, version }
  state.versionAsked(asked, version !== beforeChange?.version ? version : undefined)
  await recordParameters(run, resource)
}

/**
 * Somebody else has changed the resource, and pods are being replaced. The mark `trigger` is at the first observation of the new
 * generation, before its set.
 */
export const changeBegun: Wait = { everyMs: 100, poll, after: learnVersion }
