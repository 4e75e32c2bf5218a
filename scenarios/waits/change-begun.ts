import { recordParameters } from '../run/parameters.ts'
import type { BeforeChange, Run } from '../run/run.ts'
import { snapshot } from '../run/snapshot.ts'
import type { Wait } from './wait.ts'

/** A change for which no pod was replaced within this was no update: a scale, a Service, a hot configuration. */
const HARMLESS_SECONDS = 60

async function lookAround(run: Run): Promise<BeforeChange> {
  const resource = await run.cluster.resource()
  return {
    ...snapshot(run),
    generation: resource.metadata.generation ?? 0,
    version: run.cluster.dialect.version(resource),
  }
}

interface Sign {
  what: string
  /** When the run heard of it. */
  t: number
}

/** What shows that pods are being replaced: a set that was not there, the resource's own word, an old pod that goes. */
function signOf({ live, clock }: Run, before: BeforeChange): Sign | undefined {
  const fresh = live.sets.find(({ name, specReplicas }) => specReplicas > 0 && !before.sets.includes(name))
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
  run.beforeChange ??= await lookAround(run)
  const { generation } = run.beforeChange
  if (resource.generation === generation) {
    // Pods come and go by themselves: what the change replaces is what was there last.
    run.beforeChange = { ...run.beforeChange, ...snapshot(run) }
    return `nobody has changed ${name} yet (generation ${generation})`
  }
  const sign = signOf(run, run.beforeChange)
  if (sign) {
    await notice(run, run.beforeChange, resource.generationT, sign)
    return undefined
  }
  const changed = `${name} was changed to generation ${resource.generation}`
  if ((run.clock.now() - resource.generationT) / 1e9 < HARMLESS_SECONDS)
    return `${changed}, and no pod is being replaced yet`
  run.tell({ type: 'note', level: 'info', text: `${changed}, and no pod was replaced for it: no update.` })
  run.beforeChange = undefined
  return `${changed}, which was no update`
}

async function notice(run: Run, before: BeforeChange, changedT: number, sign: Sign): Promise<void> {
  const version = run.cluster.dialect.version(await run.cluster.resource())
  // Two watches: a set may be heard of a moment before the change that it was made for.
  const t = Math.min(changedT, sign.t)
  run.record.event({ t, type: 'mark', name: 'trigger' })
  run.tell({ type: 'note', level: 'info', text: `Somebody's change was noticed: ${sign.what}.` })
  const { pods, sets } = before
  run.trigger = { t, pods, sets, ...(version && version !== before.version ? { version } : {}) }
  await recordParameters(run)
}

/**
 * Somebody else has changed the resource, and pods are being replaced for it. The mark `trigger` stands where the
 * resource's new generation was first seen, which is before the set that is made for it.
 */
export const changeBegun: Wait = { everyMs: 100, look }
