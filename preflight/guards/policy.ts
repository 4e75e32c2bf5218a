import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import Type, { type Static } from 'typebox'
import { parse } from 'yaml'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import { LOAD_BALANCER_KEYS, wrongLoadBalancers } from './load-balancers.ts'
import { OWNERSHIP_KEYS } from './ownership.ts'
import { QUOTA_KEYS, wrongQuotas } from './quotas.ts'

const closed = { additionalProperties: false }

/** What an administrator allows; docs/operations.md describes it. */
export const PolicySchema = Type.Object(
  {
    nodes: Type.Object(
      { most: Type.Integer({ minimum: 1, default: 7, description: 'Cores and replicants together.' }) },
      { ...closed, default: {} },
    ),
    images: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Images that a cluster may run, with their tags. Left out, any.',
      }),
    ),
    licence: Type.Optional(
      Type.Object(
        { total: Type.Integer({ minimum: 1, description: 'Connections of all clusters together.' }) },
        closed,
      ),
    ),
    projects: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ minLength: 1 }),
            organisation: Type.Optional(
              Type.String({
                minLength: 1,
                description: 'Whose project it is: administrators of an organisation transfer within it.',
              }),
            ),
            clusters: Type.Optional(
              Type.Array(Type.String({ pattern: '^[^/]+/[^/]+$' }), {
                description: 'NAMESPACE/NAME of each cluster that was never transferred.',
              }),
            ),
          },
          closed,
        ),
        { description: 'Projects between which clusters may be transferred.' },
      ),
    ),
    registryNamespace: Type.Optional(
      Type.String({
        minLength: 1,
        description: "Namespace of the lists weir-licence and weir-projects; left out, 'default'.",
      }),
    ),
    ...LOAD_BALANCER_KEYS,
    ...QUOTA_KEYS,
    ...OWNERSHIP_KEYS,
  },
  closed,
)

/** Where the lists are that several clusters share. */
export const registryNamespaceOf = ({ registryNamespace = 'default' }: Policy): string => registryNamespace

export type Policy = Static<typeof PolicySchema>

const check = new Ajv({ useDefaults: true, strictTypes: false }).compile(PolicySchema)

/** The policy of a file; without one, that a cluster has at most seven nodes. Throws WEIR_USAGE. */
export function readPolicy(file: string | undefined): Policy {
  const policy = file === undefined ? {} : contentOf(file)
  const wrong = check(policy)
    ? (wrongQuotas(policy as Policy) ?? wrongLoadBalancers(policy as Policy))
    : schemaWords()
  if (wrong !== undefined) throw new WeirError('WEIR_USAGE', `the policy ${file}: ${wrong}`)
  return policy as Policy
}

/** What the schema said last. */
function schemaWords(): string {
  const [error] = check.errors ?? []
  return `${error?.instancePath.slice(1).replaceAll('/', '.') || 'it'} ${error?.message}`
}

function contentOf(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8')) ?? {}
  } catch (cause) {
    throw new WeirError(
      'WEIR_USAGE',
      `the policy ${file} cannot be read: ${messageOf(cause).split('\n')[0]}`,
      { cause },
    )
  }
}
