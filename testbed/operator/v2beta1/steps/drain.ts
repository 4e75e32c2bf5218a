import { find } from '../condition-machine.ts'
import { hasReplicants } from '../names.ts'
import type { Pass, Step } from '../pass.ts'
import { isSame, setsOf } from '../sets.ts'
import { drainCores } from './drain-cores.ts'
import { drainReplicants } from './drain-replicants.ts'

/** Where sessions go: to the new set's nodes of the role that has clients. */
async function newNodes(pass: Pass): Promise<string[]> {
  const { status } = pass.cr
  const role = hasReplicants(pass.cr) ? 'replicant' : 'core'
  const { update } = await setsOf(pass, role)
  const nodes = (role === 'core' ? status?.coreNodes : status?.replicantNodes) ?? []
  return nodes.filter(({ controllerUID }) => controllerUID === update?.metadata.uid).map(({ node }) => node)
}

/**
 * Moves the clients of the sets that are being left to the new ones, a node at a time: replicants first, then cores
 * (docs/contract/operator.md#v2beta1-drain). Only once the resource is Available. There is no time limit anywhere.
 */
export const drain: Step = async (pass) => {
  if (pass.requester === undefined || find(pass.cr.status, 'Available') === undefined) return undefined
  const targets = await newNodes(pass)
  const replicants = await setsOf(pass, 'replicant')
  if (replicants.update && replicants.current && !isSame(replicants.update, replicants.current)) {
    await drainReplicants(pass, pass.requester, replicants.current, targets)
    return undefined
  }
  const cores = await setsOf(pass, 'core')
  if (cores.update && cores.current && !isSame(cores.update, cores.current))
    await drainCores(pass, pass.requester, cores.current, targets)
  return undefined
}
