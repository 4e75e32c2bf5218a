import { askResource, resourceAtLast } from '../run/ask-resource.ts'
import { recordParameters } from '../run/parameters.ts'
import type { Run } from '../run/run.ts'
import { snapshot } from '../run/snapshot.ts'
import type { BeforeChange } from '../run/state.ts'
import type { Wait } from './wait.ts'

/** A change for which no pod was replaced within this was no update: a scale, a Service, a hot configuration. */
const HARMLESS_SECONDS = 60
/** Two watches: a set may be heard of this long before the change that it was made for. */
const AHEAD_SECONDS = 5

/**
 * Remembers the cluster as the watches tell it now. Done as soon as it is settled, if a change is waited for at all: one
 * that is made while the fleet still connects must not be taken for how things were.
 */
export async function rememberBefore(run: Run): Promise<void> {
  const generation = run.live.resource?.generation ?? 0
  const before = { ...snapshot(run), generation }
  const resource = await askResource(run)
  // No answer, or a change between what was watched and what was read: nobody knows which version there was before it.
  const isSame = resource?.metadata.generation === generation
  run.state.stillUnchanged({
    ...before,
    version: isSame ? run.cluster.dialect.version(resource) : undefined,
  })
}

interface Sign {
  what: string
  /** When the run heard of it. */
  t: number
}

const newSet = ({ live }: Run, before: BeforeChange) =>
  live.sets.find(({ name, specReplicas }) => specReplicas > 0 && !before.sets.includes(name))

/** What shows that pods are being replaced: a set that was not there, the resource's own word, an old pod that goes. */
function signOf(run: Run, before: BeforeChange): Sign | undefined {
  const { live, clock } = run
  const fresh = newSet(run, before)
  if (fresh) return { what: `there is a new set, ${fresh.name}`, t: fresh.t }
  if (live.resource?.updating)
    return { what: 'the resource says that an update is under way', t: live.resource.t }
  const leaving = live.pods.find(({ uid, deleting }) => deleting && before.pods.has(uid))
  return leaving ? { what: `pod ${leaving.name} is being replaced`, t: clock.now() } : undefined
}

async function look(run: Run): Promise<string | undefined> {
  const { resource } = run.live
  const name = `${run.cluster.dialect.kind} ${run.cluster.name}`
  if (!resource || resource.deleted) return `${name} does not exist`
  if (!run.state.beforeChange) await rememberBefore(run)
  const before = run.state.beforeChange
  if (!before) return `nothing is known of ${name}`
  if (resource.generation === before.generation) {
    // Pods come and go by themselves: what the change replaces is what was there last. A set that has just come may be
    // the change's own.
    const fresh = newSet(run, before)
    const mayBeAhead = fresh && (run.clock.now() - fresh.t) / 1e9 < AHEAD_SECONDS
    if (!mayBeAhead) run.state.stillUnchanged({ ...before, ...snapshot(run) })
    return `nobody has changed ${name} yet (generation ${before.generation})`
  }
  const sign = signOf(run, before)
  if (sign) {
    notice(run, before, resource.generationT, sign)
    return undefined
  }
  const changed = `${name} was changed to generation ${resource.generation}`
  if ((run.clock.now() - resource.generationT) / 1e9 < HARMLESS_SECONDS)
    return `${changed}, and no pod is being replaced yet`
  run.emit({ type: 'note', level: 'info', text: `${changed}, and no pod was replaced for it: no update.` })
  run.state.noUpdateFollowed()
  return `${changed}, which was no update`
}

function notice(run: Run, before: BeforeChange, changedT: number, sign: Sign): void {
  const t = Math.min(changedT, sign.t - 1)
  run.record.event({ t, type: 'mark', name: 'trigger' })
  run.emit({ type: 'note', level: 'info', text: `Somebody's change was noticed: ${sign.what}.` })
  const { pods, sets } = before
  run.state.changed({ t, pods, sets })
}

/** What the change is to: the change is known and marked by now, so that an answer that is late loses nothing. */
async function learnVersion(run: Run): Promise<void> {
  const { cluster, state } = run
  const { trigger, beforeChange } = state
  if (!trigger) return
  const resource = await resourceAtLast(run)
  const version = cluster.dialect.version(resource)
  if (version && version !== beforeChange?.version) state.versionChosen(version)
  await recordParameters(run, resource)
}

/**
 * Somebody else has changed the resource, and pods are being replaced for it. The mark `trigger` stands where the
 * resource's new generation was first seen, which is before the set that is made for it.
 */
export const changeBegun: Wait = { everyMs: 100, look, after: learnVersion }
