import type { Run } from './run.ts'
import type { Trigger } from './state.ts'

/** The current pods and sets: just before a change, what it replaces. */
export function snapshot({ live }: Pick<Run, 'live'>): Pick<Trigger, 'pods' | 'sets'> {
  return {
    pods: new Set(live.pods.map(({ uid }) => uid)),
    sets: live.sets.filter(({ specReplicas }) => specReplicas > 0).map(({ name }) => name),
  }
}
