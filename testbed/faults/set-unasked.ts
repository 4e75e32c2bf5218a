import type { StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { HASH } from '../operator/emqx5/names.ts'
import { fault } from './fault.ts'

/** The operator looks this often, so that it is not long in coming. */
const PAUSE_MS = 1000

/** The same set with a template that differs from the one before, once `isTime` has been true. */
class Again {
  #made = false

  set(set: StatefulSet, isTime: boolean): StatefulSet {
    this.#made ||= isTime
    if (!this.#made) return set
    const { template } = set.spec
    const annotations = { ...template.metadata?.annotations, again: 'true' }
    const metadata = { ...template.metadata, annotations }
    return renamed({ ...set, spec: { ...set.spec, template: { ...template, metadata } } })
  }
}

/** v1beta4 names a set by its template when it writes it; v2beta1 has done so, and its labels name it too. */
function renamed(set: StatefulSet): StatefulSet {
  const hash = set.metadata.labels?.[HASH]
  return hash === undefined ? set : JSON.parse(JSON.stringify(set).replaceAll(hash, `${hash}4`))
}

const hasClients = (nodes: readonly { connections?: number }[] = []) =>
  nodes.some(({ connections = 0 }) => connections > 0)

export const setUnasked = fault({
  name: 'set-unasked',
  part: 'operator',
  summary: 'once there are clients the operator makes a new set, though nothing else is asked for',
  shownBy: 'upgrade-same-version',
  caughtBy: ['untouched', 'as-before'],
  alsoFails: ['membership-exact', 'conservation', 'gauge-truth', 'available'],
  v1beta4() {
    const again = new Again()
    return { setToWrite: ({ cr }, set) => again.set(set, hasClients(cr.status?.emqxNodes)) }
  },
  v2beta1() {
    const again = new Again()
    return {
      setToWrite: ({ cr }, set) => again.set(set, hasClients(cr.status?.coreNodes)),
      pauseMs: () => PAUSE_MS,
    }
  },
})
