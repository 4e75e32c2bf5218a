import type { Event, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { find } from '../condition-machine.ts'
import type { Pass } from '../pass.ts'

const wholeSecondsSince = (pass: Pass, time: string) =>
  Math.trunc((pass.env.clock.now() - Date.parse(time)) / 1000)

/** More whole seconds than initialDelaySeconds have gone by since the resource became Available. */
export async function isDelayOver(pass: Pass): Promise<boolean> {
  const available = find(pass.cr.status, 'Available')
  if (available === undefined) return false
  const delay = pass.cr.spec.updateStrategy.initialDelaySeconds ?? 0
  return wholeSecondsSince(pass, available.lastTransitionTime) > delay
}

/**
 * More whole seconds than waitTakeover have gone by since the set's last pod was deleted. That is known from Kubernetes'
 * Events only: where these are gone, nothing holds the operator back (docs/contract/operator.md#v2beta1-drain).
 */
export async function isTakeoverOver(pass: Pass, set: StatefulSet): Promise<boolean> {
  const { items } = await pass.env.kube.list<Event>(resources.events, {
    namespace: set.metadata.namespace,
    fieldSelector: `involvedObject.name=${set.metadata.name}`,
  })
  const last = items
    .filter(({ reason }) => reason === 'SuccessfulDelete')
    .map(({ lastTimestamp }) => lastTimestamp ?? '')
    .sort()
    .at(-1)
  const wait = pass.cr.spec.updateStrategy.evacuationStrategy?.waitTakeover ?? 0
  return last === undefined || wholeSecondsSince(pass, last) > wait
}
