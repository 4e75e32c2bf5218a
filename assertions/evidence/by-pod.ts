import type { RunView } from '#weir/record/view/index.ts'

/** Pods are replaced one by one, under their names: there is no new set that takes over. */
export const isByPod = ({ parameters }: RunView): boolean => parameters.dialect.replaces === 'pods'
