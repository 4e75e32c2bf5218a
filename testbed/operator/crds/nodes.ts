import type { Schema } from '../../apiserver/schema/types.ts'
import {
  anything,
  containerPort,
  fields,
  int32,
  intOrString,
  list,
  metadata,
  named,
  object,
  resourceRequirements,
  string,
  strings,
} from './shapes.ts'

const withDefault = (value: unknown): Schema => ({ ...anything, default: value })

/** A probe of EMQX's own page, which answers as soon as the node does. */
const probe = (initialDelaySeconds: number, periodSeconds: number, failureThreshold: number): Schema =>
  withDefault({
    failureThreshold,
    httpGet: { path: '/status', port: 'dashboard' },
    initialDelaySeconds,
    periodSeconds,
  })

/** A budget may not name both bounds. The real definition has a validation rule for it, which this API server does not know. */
const notBoth: Schema = { required: ['minAvailable', 'maxUnavailable'] }

/** Core and replicant nodes; only cores keep data. */
export const nodesTemplate = (role: 'core' | 'replicant'): Schema =>
  object({
    metadata,
    spec: {
      ...object({
        ...fields(anything, 'affinity lifecycle startupProbe'),
        args: strings,
        command: strings,
        ...fields(list(named), 'env extraContainers extraVolumes initContainers'),
        ...fields(list(anything), 'envFrom toleRations tolerations topologySpreadConstraints'),
        maxUnavailable: intOrString,
        minAvailable: intOrString,
        nodeName: string,
        containerSecurityContext: withDefault({ runAsGroup: 1000, runAsNonRoot: true, runAsUser: 1000 }),
        extraVolumeMounts: list({
          ...anything,
          properties: { mountPath: string, name: string },
          required: ['mountPath', 'name'],
        }),
        livenessProbe: probe(60, 30, 3),
        nodeSelector: { type: 'object', additionalProperties: string },
        podSecurityContext: withDefault({
          fsGroup: 1000,
          fsGroupChangePolicy: 'Always',
          runAsGroup: 1000,
          runAsUser: 1000,
          supplementalGroups: [1000],
        }),
        ports: list(containerPort),
        readinessProbe: probe(10, 5, 12),
        replicas: { ...int32, default: 2 },
        resources: resourceRequirements,
        ...(role === 'core' && { volumeClaimTemplates: anything }),
      }),
      not: notBoth,
    },
  })
