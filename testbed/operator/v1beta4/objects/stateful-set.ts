import type { StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import type { LineSwitches } from '../../lines.ts'
import { dataName, headlessName } from '../names.ts'
import type { EmqxEnterprise } from '../types.ts'
import { metadataOf } from './metadata.ts'
import { podTemplate } from './pod-template.ts'

/** The set that the resource asks for, under the resource's own name. */
export function statefulSet(cr: EmqxEnterprise, line: LineSwitches): StatefulSet {
  const template = podTemplate(cr, line)
  const persistent = cr.spec.persistent
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadataOf(cr, cr.metadata.name),
    spec: {
      replicas: cr.spec.replicas,
      serviceName: headlessName(cr.metadata.name),
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: { ...template.metadata.labels } },
      template,
      ...(persistent && {
        volumeClaimTemplates: [
          {
            metadata: {
              ...persistent.metadata,
              name: persistent.metadata?.name ?? dataName(cr.metadata.name),
            },
            spec: persistent.spec,
          },
        ],
      }),
    },
  }
}
