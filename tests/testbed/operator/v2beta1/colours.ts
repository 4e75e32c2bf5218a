import { HASH } from '../../../../testbed/operator/emqx5/names.ts'
import type { Emqx } from '../../../../testbed/operator/v2beta1/types.ts'
import type { WatchLine } from '../recording.ts'

const COLOURS = ['blue', 'green', 'third']

/** What makes a run comparable with another. */
export interface Colours {
  /** Sets, their pods, nodes and revisions, by the order in which the sets came. */
  rename(text: string): string
  /** Sizes of a set that has all its pods, or none. */
  full: ReadonlySet<number>
}

export function coloursOf(lines: WatchLine[]): Colours {
  const colours = new Map<string, string>()
  let sets = 0
  for (const { kind, object } of lines) {
    const { name, labels } = object.metadata
    if (kind !== 'StatefulSet' || colours.has(name)) continue
    const colour = COLOURS[sets] ?? 'another'
    sets += 1
    colours.set(name, colour)
    colours.set(labels?.[HASH] ?? name, colour)
  }
  const longestFirst = [...colours].sort(([a], [b]) => b.length - a.length)
  const wanted = lines.flatMap(({ kind, object }) => {
    return kind === 'CR' ? [(object as Emqx).spec.coreTemplate.spec.replicas] : []
  })
  return {
    full: new Set([0, ...wanted]),
    rename: (text) =>
      longestFirst
        .reduce((renamed, [name, colour]) => renamed.replaceAll(name, colour), text)
        .replaceAll(/\.emqx-headless\.[a-z0-9-]+\.svc\.cluster\.local/g, ''),
  }
}

const setOf = (pod: string) => pod.slice(0, pod.lastIndexOf('-'))

/** These pods as whole sets, "3 of blue and 3 of green"; undefined when a set is there in part. */
export function wholeSets(pods: Iterable<string>, { rename, full }: Colours): string | undefined {
  const sizes = new Map<string, number>()
  for (const pod of pods) sizes.set(setOf(pod), (sizes.get(setOf(pod)) ?? 0) + 1)
  if (![...sizes.values()].every((size) => full.has(size))) return undefined
  const words = [...sizes].map(([set, size]) => rename(`${size} of ${set}`))
  return words.sort().join(' and ') || 'nobody'
}
