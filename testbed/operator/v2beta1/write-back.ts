import type { Emqx, NodesTemplate, ServiceTemplate } from './types.ts'

/** Go writes structures that hold nothing as empty objects, and the API server fills in their defaults. */
const nodes = ({ metadata = {}, spec }: NodesTemplate): NodesTemplate => ({
  metadata,
  spec: { resources: {}, ...spec },
})

const service = ({ metadata = {}, spec = {}, ...rest }: ServiceTemplate): ServiceTemplate => ({
  ...rest,
  metadata,
  spec,
})

/**
 * The resource as the operator writes it: the same, with empty structures where it had nothing. So an updateStrategy
 * without rates gets them from the schema only now (docs/contract/operator.md#v2beta1-resource).
 */
export function asWrittenBack(cr: Emqx): Emqx {
  const { spec } = cr
  const core = nodes(spec.coreTemplate)
  return {
    ...cr,
    spec: {
      ...spec,
      config: { ...spec.config },
      coreTemplate: {
        ...core,
        spec: { ...core.spec, volumeClaimTemplates: { resources: {}, ...core.spec.volumeClaimTemplates } },
      },
      ...(spec.replicantTemplate && { replicantTemplate: nodes(spec.replicantTemplate) }),
      ...(spec.dashboardServiceTemplate && {
        dashboardServiceTemplate: service(spec.dashboardServiceTemplate),
      }),
      ...(spec.listenersServiceTemplate && {
        listenersServiceTemplate: service(spec.listenersServiceTemplate),
      }),
      updateStrategy: {
        ...spec.updateStrategy,
        evacuationStrategy: { ...spec.updateStrategy.evacuationStrategy },
      },
    },
  }
}
