import type { LineSwitches } from '../lines.ts'
import { createRequester } from './emqx/requester.ts'
import type { Step } from './pass.ts'
import { afterScaleDown } from './settle.ts'
import { blueGreenUpdate } from './steps/blue-green.ts'
import { addBootstrapUser } from './steps/bootstrap-user.ts'
import { addListeners } from './steps/listeners.ts'
import { addPlugins } from './steps/plugins.ts'
import { updatePodConditions } from './steps/pod-conditions.ts'
import { addResources } from './steps/resources.ts'
import { addStatefulSet } from './steps/stateful-set.ts'
import { updateStatus } from './steps/update-status.ts'

/** The steps of a pass in their order. The order is what makes endpoints and readiness lag behind. */
export function stepsOf(line: LineSwitches): Step[] {
  const request = createRequester(line.apiTarget)
  const common = [
    updateStatus(request),
    addBootstrapUser,
    addPlugins,
    addResources(request),
    addStatefulSet,
    blueGreenUpdate(request),
  ]
  if (line.traffic === 'selector') return [...common, updateStatus(request)]
  const settle: Step = async (pass) => {
    await afterScaleDown(pass)
    return undefined
  }
  return [...common, addListeners(request), settle, updateStatus(request), updatePodConditions]
}
