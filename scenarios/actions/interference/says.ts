import type { Step } from '../../types.ts'

/** What a step does to a cluster beside its custom resource, as a plan says it; undefined for a step that does no such thing. */
export function interferenceText(step: Step): string | undefined {
  if (!('action' in step)) return undefined
  switch (step.action) {
    case 'kill-pod':
      return `weir deletes the pod of ${step.pod} node without grace: its clients lose their connections at once.`
    case 'evict-pod':
      return `weir cordons the machine of the pod of ${step.pod} node and asks Kubernetes to evict that pod: its clients lose their connections at once. It uncordons the machine when the run ends at the latest, unless it is killed.`
    case 'stop-operator':
      return 'weir gives the Deployment of the EMQX Operator no replicas, and as many as before when the run ends at the latest, unless it is killed: no cluster of this operator is looked after meanwhile.'
    default:
      return undefined
  }
}
