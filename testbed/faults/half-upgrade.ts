import { hasReplicants } from '../operator/emqx5/names.ts'
import { isSame } from '../operator/v2beta1/sets.ts'
import { fault } from './fault.ts'

export const halfUpgrade = fault({
  name: 'half-upgrade',
  part: 'operator',
  summary: 'the last old node is never evacuated, yet the resource says it is done',
  caughtBy: ['all-new'],
  alsoFails: ['status-truth', 'duration'],
  v1beta4: () => ({
    countedSets: (sets) => (sets.length > 1 && sets.at(-1)?.spec.replicas === 1 ? sets.slice(0, -1) : sets),
  }),
  v2beta1: () => ({
    /** The last old node that has clients. */
    isLeftAlone: ({ cr }, role, old) =>
      role === (hasReplicants(cr) ? 'replicant' : 'core') && old?.spec.replicas === 1,
    countedNodes(nodes, { update, current }) {
      const isOver = update !== undefined && isSame(update, current)
      return isOver ? nodes.filter(({ controllerUID }) => controllerUID === update.metadata.uid) : nodes
    },
  }),
})
