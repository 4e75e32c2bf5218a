import type { Container, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { hasReplicants } from '../operator/emqx5/names.ts'
import { fault } from './fault.ts'

/** Makes sets in which EMQX keeps the resources that it had first, though each change of them replaces the pods. */
class FirstResources {
  readonly #first = new Map<string, unknown>()

  keptBy(set: StatefulSet): StatefulSet {
    const { template } = set.spec
    const emqx = template.spec.containers.find(({ name }) => name === 'emqx')
    const key = `${set.kind} ${set.metadata.namespace}`
    if (!this.#first.has(key)) this.#first.set(key, emqx?.resources)
    const resources = this.#first.get(key)
    const wanted = JSON.stringify(emqx?.resources)
    if (wanted === JSON.stringify(resources)) return set
    const containers = template.spec.containers.map(
      (container): Container => (container === emqx ? { ...container, resources } : container),
    )
    const annotations = { ...template.metadata?.annotations, resources: wanted }
    return {
      ...set,
      spec: {
        ...set.spec,
        template: { metadata: { ...template.metadata, annotations }, spec: { ...template.spec, containers } },
      },
    }
  }
}

export const resizeLost = fault({
  name: 'resize-lost',
  part: 'operator',
  summary: 'pods that are replaced for new resources have the old ones: the replicants, where there are any',
  shownBy: 'resize-up',
  caughtBy: ['resized'],
  v1beta4() {
    const first = new FirstResources()
    return { setToWrite: (_pass, set) => first.keptBy(set) }
  },
  v2beta1() {
    const first = new FirstResources()
    return {
      setToWrite: ({ cr }, set) =>
        hasReplicants(cr) && set.kind === 'StatefulSet' ? set : first.keptBy(set),
    }
  },
})
