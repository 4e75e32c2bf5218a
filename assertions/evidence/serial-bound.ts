import type { RunView } from '#weir/record/view/index.ts'
import { MESSAGES } from '../messages/index.ts'

const text = MESSAGES['evacuation-serial']

/** Nodes may be evacuated at once where the resource says so; pods that are replaced one by one have no order of kinds. */
export function serialBound({ parameters: { dialect, nodesAtOnce = 1 } }: RunView): string {
  if (nodesAtOnce > 1) return text.boundAtOnce({ nodes: nodesAtOnce })
  return dialect.replaces === 'pods' ? text.boundByPods : text.bound
}
