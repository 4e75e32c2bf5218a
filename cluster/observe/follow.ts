import type { KubeApi, KubeObject, ListOptions, Resource } from '../kubernetes/types.ts'
import type { ClusterObservation } from '../types.ts'

export type Change = 'INITIAL' | 'ADDED' | 'MODIFIED' | 'DELETED'

export interface Following {
  resource: Resource
  options: ListOptions
  /** Which objects of the watch belong to the cluster under test. */
  belongs(object: KubeObject): boolean
}

const keyOf = ({ metadata }: KubeObject) => metadata.uid ?? metadata.name

/** What happened during a gap is told within this time once the watch goes on. */
const SETTLE_MS = 300

/**
 * Follows one kind of object. After a gap whose watch could not be resumed the server's new listing is compared with the known objects, so that additions, changes and
 * deletions are reported, at the time of the listing. The gap is reported when it begins, when its reason changes, and when it ends (or
 * following stops).
 */
export function follow(
  kube: KubeApi,
  { resource, options, belongs }: Following,
  onChange: (change: Change, object: KubeObject) => void,
  onGap: (gap: Extract<ClusterObservation, { type: 'gap' }>) => void,
): { ready: Promise<void>; stop(): void } {
  const known = new Map<string, KubeObject>()
  let listed = false
  let blind: { reason: string; lastHeardUnixMs: number } | undefined
  /** While a resumed watch may still tell of the gap. */
  let settling: { timer: NodeJS.Timeout; changes: number } | undefined

  const tellGap = (phase: 'begin' | 'goes-on' | 'end', unchanged = false) => {
    if (blind) onGap({ type: 'gap', phase, kind: resource.kind, ...blind, ...(unchanged && { unchanged }) })
  }
  const unsettle = () => {
    clearTimeout(settling?.timer)
    settling = undefined
  }
  const settled = () => {
    tellGap('end', settling?.changes === 0)
    blind = undefined
    settling = undefined
  }
  const put = (change: Change, object: KubeObject) => {
    known.set(keyOf(object), object)
    onChange(change, object)
  }

  const watch = kube.watch(resource, options, {
    onList(items) {
      unsettle()
      tellGap('end')
      blind = undefined
      const gone = new Map(known)
      for (const object of items.filter(belongs)) {
        const before = known.get(keyOf(object))
        gone.delete(keyOf(object))
        if (!before) put(listed ? 'ADDED' : 'INITIAL', object)
        else if (before.metadata.resourceVersion !== object.metadata.resourceVersion) put('MODIFIED', object)
      }
      for (const [key, object] of gone) {
        known.delete(key)
        onChange('DELETED', object)
      }
      listed = true
    },
    onEvent(type, object) {
      if (!belongs(object)) return
      if (settling) settling.changes++
      if (type !== 'DELETED') return put(type, object)
      known.delete(keyOf(object))
      onChange(type, object)
    },
    onResumed() {
      unsettle()
      settling = { timer: setTimeout(settled, SETTLE_MS), changes: 0 }
    },
    onGap(reason, lastHeardMs) {
      unsettle()
      if (blind?.reason === reason) return
      const phase = blind ? 'goes-on' : 'begin'
      blind = { lastHeardUnixMs: lastHeardMs, ...blind, reason }
      tellGap(phase)
    },
  })
  return {
    ready: watch.ready,
    stop() {
      unsettle()
      tellGap('end')
      watch.stop()
    },
  }
}
