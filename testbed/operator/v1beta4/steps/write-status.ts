import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { wrap } from '../../runtime/errors.ts'
import type { Pass } from '../pass.ts'
import type { EmqxEnterprise, EmqxEnterpriseStatus } from '../types.ts'

/**
 * A status as it comes back from the API server: an empty list of evacuations is left out when it is written, so it
 * returns as no list at all. The escape hatch lives on that.
 */
function withoutEmptyLists(status: EmqxEnterpriseStatus): EmqxEnterpriseStatus {
  const update = status.blueGreenUpdateStatus
  if (update === undefined || (update.evacuationsStatus ?? []).length > 0) return status
  const { evacuationsStatus: _, ...rest } = update
  return { ...status, blueGreenUpdateStatus: rest }
}

/** Writes the status and goes on with what the API server made of the resource. */
export async function writeStatus(pass: Pass): Promise<void> {
  const truth = withoutEmptyLists(pass.cr.status ?? {})
  const shown = pass.hooks.shownStatus(pass, truth)
  try {
    pass.cr = await pass.env.kube.replace<EmqxEnterprise>(
      resources.emqxEnterprises,
      { ...pass.cr, status: shown },
      'status',
    )
  } catch (error) {
    throw wrap(error, 'failed to update emqx status')
  }
  if (shown !== truth) pass.cr.status = truth
}
