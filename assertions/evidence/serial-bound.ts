import type { RunView } from '#weir/record/view/index.ts'
import { MESSAGES } from '../messages/index.ts'
import { isByPod } from './by-pod.ts'

const text = MESSAGES['evacuation-serial']

/** Nodes may be evacuated at once where the resource says so; pods that are replaced one by one have no order of kinds. */
export function serialBound(run: RunView): string {
  const { nodesAtOnce = 1 } = run.parameters
  if (nodesAtOnce > 1) return text.boundAtOnce({ nodes: nodesAtOnce })
  return isByPod(run) ? text.boundByPods : text.bound
}
