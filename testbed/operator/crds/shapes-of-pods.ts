import type { Schema } from '../../apiserver/schema/types.ts'
import { int32, listMap, named, object, string } from './shapes.ts'

const QUANTITY =
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$'

const quantities: Schema = {
  type: 'object',
  additionalProperties: {
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    pattern: QUANTITY,
    'x-kubernetes-int-or-string': true,
  },
}

export const resourceRequirements = object({
  claims: listMap(['name'], named),
  limits: quantities,
  requests: quantities,
})

export const containerPort = object(
  {
    containerPort: int32,
    hostIP: string,
    hostPort: int32,
    name: string,
    protocol: { type: 'string', default: 'TCP' },
  },
  ['containerPort'],
)
