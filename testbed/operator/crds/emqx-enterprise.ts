import type { Schema } from '../../apiserver/schema/types.ts'
import type { LineSwitches } from '../lines.ts'
import { podTemplate } from './pod.ts'
import { serviceTemplate } from './service.ts'
import { anything, int32, metadata, object, string } from './shapes.ts'
import { status } from './status.ts'

const atLeast = (minimum: number): Schema => ({ ...int32, minimum })

const spec = (line: LineSwitches): Schema =>
  object({
    blueGreenUpdate: object({
      evacuationStrategy: object({
        connEvictRate: atLeast(1),
        sessEvictRate: atLeast(1),
        waitTakeover: atLeast(0),
      }),
      initialDelaySeconds: int32,
    }),
    ...(line.definition === '2.2' && { clusterDomain: { type: 'string', default: 'cluster.local' } }),
    license: object({ data: { type: 'string', format: 'byte' }, secretName: string, stringData: string }),
    persistent: object({ metadata, spec: anything }, ['spec']),
    replicas: { ...int32, default: 3 },
    serviceTemplate,
    template: podTemplate(line),
  })

/** EmqxEnterprise of apps.emqx.io/v1beta4: EMQX Enterprise 4.4. */
export const emqxEnterpriseSchema = (line: LineSwitches): Schema => ({
  type: 'object',
  properties: {
    apiVersion: string,
    kind: string,
    metadata: { type: 'object' },
    spec: spec(line),
    status: status(line),
  },
})
