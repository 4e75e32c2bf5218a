import Type, { type Static } from 'typebox'
import { exceeding, quantityOf, type Resources } from '#weir/facts/index.ts'

const closed = { additionalProperties: false }
const quantity = (description: string) => Type.Union([Type.String(), Type.Number()], { description })
const amounts = Type.Object({ cpu: quantity('e.g. 500m'), memory: quantity('e.g. 1Gi') }, closed)

/** The keys of a policy that say which resources a node may have. */
export const QUOTA_KEYS = {
  quotas: Type.Optional(
    Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1 }),
          requests: amounts,
          limits: amounts,
          description: Type.Optional(Type.String()),
          default: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
      {
        description: 'Resources that a node may have, by name. Without quotaRange, from smallest to largest.',
      },
    ),
  ),
  quotaRange: Type.Optional(
    Type.Object(
      {
        min: Type.Optional(Type.String({ minLength: 1 })),
        max: Type.Optional(Type.String({ minLength: 1 })),
      },
      { ...closed, description: 'Names of the smallest and of the largest quota that a cluster may have.' },
    ),
  ),
}

const Quotas = Type.Object(QUOTA_KEYS)
export type Quotas = Static<typeof Quotas>
export type Quota = NonNullable<Quotas['quotas']>[number]

/** What the schema cannot say of quotas: the first thing that is wrong, or undefined. */
export function wrongQuotas({ quotas = [], quotaRange }: Quotas): string | undefined {
  for (const [index, quota] of quotas.entries()) {
    const wrong = wrongQuota(quota)
    if (wrong !== undefined) return `quotas.${index}: ${quota.name} ${wrong}`
    if (quotas.findIndex(({ name }) => name === quota.name) < index)
      return `quotas.${index}: there is another quota ${quota.name}`
  }
  const defaults = quotas.filter((quota) => quota.default)
  if (defaults.length > 1)
    return `quotas: ${defaults.map(({ name }) => name).join(' and ')} are the default, and one can be`
  for (const [end, name] of Object.entries(quotaRange ?? {}))
    if (!quotas.some((quota) => quota.name === name)) return `quotaRange.${end}: there is no quota ${name}`
  return quotaRange === undefined ? outOfOrder(quotas) : emptyRange(quotas, quotaRange)
}

function wrongQuota({ requests, limits }: Quota): string | undefined {
  for (const [kind, amounts] of Object.entries({ requests, limits }))
    for (const [name, amount] of Object.entries(amounts)) {
      const value = quantityOf(amount)
      if (value === undefined || value <= 0)
        return `has ${kind} ${name} "${amount}", which is no quantity like ${name === 'cpu' ? '500m' : '1Gi'}`
    }
  const more = exceeding({ requests }, { requests: limits })
  return more && `requests more than its limits: ${more}`
}

function outOfOrder(quotas: readonly Quota[]): string | undefined {
  for (const [index, quota] of quotas.entries()) {
    const before = quotas[index - 1]
    const more = before && exceeding(figuresOf(before), figuresOf(quota))
    if (more)
      return `quotas.${index}: ${quota.name} is smaller than ${before.name} (${more}): list them from smallest to largest, or name min and max in quotaRange`
  }
  return undefined
}

function emptyRange(
  quotas: readonly Quota[],
  { min, max }: NonNullable<Quotas['quotaRange']>,
): string | undefined {
  const [least, most] = [min, max].map((end) => quotas.find(({ name }) => name === end))
  const more = least && most && exceeding(figuresOf(least), figuresOf(most))
  return more && `quotaRange: ${min} is larger than ${max} (${more})`
}

/** A quota's figures alone. */
export const figuresOf = ({ requests, limits }: Quota): Resources => ({ requests, limits })
