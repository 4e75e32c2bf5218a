/** An object that belonged to a deleted resource and is still there. */
export interface Leftover {
  kind: string
  name: string
  /** How it belongs to it: it carries its label, names it as its owner, or bears the name that its operator gives. */
  by: 'label' | 'owner' | 'name'
}

/** What is left of a resource that was deleted, whenever that changes. */
export interface LeftoversEvent {
  t: number
  type: 'leftovers'
  found: Leftover[]
  /** Kinds that could not be listed, and why. */
  unlisted: { kind: string; why: string }[]
}

/** Operators leave volumes to whoever made them. */
export const isVolume = ({ kind }: Pick<Leftover, 'kind'>): boolean => kind === 'PersistentVolumeClaim'
