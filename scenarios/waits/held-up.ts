import { some, type Wait } from './wait.ts'

/** The pods that a change makes are there, and Kubernetes can start none of them: an image that is missing, a node without room. */
export const heldUp: Wait = {
  everyMs: 200,
  poll({ live, state: { trigger } }) {
    if (!trigger) return 'nothing has been changed'
    const fresh = live.pods.filter(({ uid }) => !trigger.pods.has(uid))
    if (fresh.length === 0) return 'there is no new pod yet'
    const free = fresh.filter(({ blocked }) => blocked === undefined)
    return free.length === 0 ? undefined : `nothing holds up new pods: ${some(free.map(({ name }) => name))}`
  },
}
