import { isDeepStrictEqual } from 'node:util'
import type { CrEvent, WatchEvent } from '#weir/facts/index.ts'
import { REDACTED } from '#weir/record/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

/** A Kubernetes object that was there before and is no more as it was. */
export interface Rewritten {
  t: number
  kind: string
  name: string
  /** The fields that differ, e.g. "spec.ports". */
  fields: string[]
}

/** What of an object an operation may not change, by its kind. */
const KEPT: Readonly<Record<string, (object: Kept) => Readonly<Record<string, unknown>>>> = {
  // A Service without the fields that others may set.
  Service: ({ spec }) => ({ 'spec.ports': sorted(spec?.ports), 'spec.selector': spec?.selector }),
  StatefulSet: setParts,
  ReplicaSet: setParts,
}

interface Kept {
  spec?: { ports?: { name?: string }[]; selector?: unknown; replicas?: unknown } & Record<string, unknown>
}

/** All that its generation counts, but for the number of its pods. */
function setParts({ spec = {} }: Kept): Record<string, unknown> {
  const { replicas: _, ...rest } = spec
  return Object.fromEntries(Object.entries(rest).map(([field, value]) => [`spec.${field}`, value]))
}

const sorted = (ports: { name?: string }[] = []) =>
  [...ports].sort((a, b) => (a.name ?? '').localeCompare(b.name ?? ''))

/**
 * Services and sets that were there at `fromT` and are written anew before `toT`, each once, in the order of time. A set may get another
 * number of pods. Objects that the record does not have are unknown: of those nothing is said.
 */
export function rewritten(
  run: RunView,
  fromT: number,
  toT: number,
): { kept: number; rewritten: Rewritten[] } {
  // What the operation itself was to change.
  const asked = new Set(run.of('network').map(({ service }) => service))
  const before = new Map<string, WatchEvent>()
  const found = new Map<string, Rewritten>()
  for (const event of run.of('watch')) {
    const parts = KEPT[event.kind]
    if (parts === undefined || event.t >= toT) continue
    if (event.kind === 'Service' && asked.has(event.name)) continue
    const key = `${event.kind} ${event.namespace}/${event.name}`
    if (event.t <= fromT) {
      if (event.event === 'DELETED') before.delete(key)
      else before.set(key, event)
      continue
    }
    const was = before.get(key)
    if (was === undefined || found.has(key) || event.event === 'DELETED') continue
    const [old, now] = [parts(was.object as Kept), parts(event.object as Kept)]
    const fields = Object.keys({ ...old, ...now }).filter((name) => !isDeepStrictEqual(old[name], now[name]))
    if (fields.length > 0) found.set(key, { t: event.t, kind: event.kind, name: event.name, fields })
  }
  return { kept: before.size, rewritten: [...found.values()] }
}

/**
 * How often the custom resource was changed: the generations that it gained. One that asks for the same as the one before, as the webhook of a
 * released operator makes it of a write that changes nothing (docs/contract/operations.md#changes-that-change-nothing), does not count where the
 * record has both objects whole, without a secret that was left out. Undefined where it does not show the resource before and after.
 */
export function generationsMade(
  run: RunView,
  fromT: number,
  toT: number,
): { made: number; t: number } | undefined {
  const told = toldResources(run).filter(({ cr }) => cr.t < toT && !cr.deleted)
  let before = told.findLast(({ cr }) => cr.t <= fromT)
  const after = told.filter(({ cr }) => cr.t > fromT)
  if (before === undefined) return undefined
  let made = 0
  let lastT = fromT
  for (const next of after) {
    const gained = next.cr.generation - before.cr.generation
    const isSame = gained === 1 && isWhole(next.spec) && isDeepStrictEqual(next.spec, before.spec)
    if (gained > 0 && !isSame) {
      made += gained
      lastT = next.cr.t
    }
    before = next
  }
  return { made, t: lastT }
}

/** Whether the record has all of a spec: of two that differ in a secret alone it has the same. */
const isWhole = (spec: unknown): boolean => spec !== undefined && !JSON.stringify(spec).includes(REDACTED)

/** What was told of the resource, each with the object's own spec, which stands just before it. */
const toldResources = ({ record: { events } }: RunView): { cr: CrEvent; spec: unknown }[] =>
  events.flatMap((cr, i) => {
    if (cr.type !== 'cr') return []
    const raw = events[i - 1]
    return [{ cr, spec: raw?.type === 'watch' ? (raw.object as { spec?: unknown }).spec : undefined }]
  })
