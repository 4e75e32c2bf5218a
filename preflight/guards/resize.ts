import type { Dialect } from '#weir/cluster/types.ts'
import { exceeding, resourcesText, sameResources } from '#weir/facts/index.ts'
import { type Before, type Broken, guarded, running } from './guard.ts'
import type { Policy } from './policy.ts'
import { figuresOf, type Quota } from './quotas.ts'

export interface ResizeRequest extends Before {
  /** What its nodes have now, whether or not that is a quota. */
  from: ReturnType<Dialect['resources']>
  /** Name of a quota. */
  to: string
}

/** Whether the nodes of a cluster may have another size. Returns the quota. Throws WEIR_REFUSED. */
export function guardResize(request: ResizeRequest, policy: Policy): Quota {
  const quota = policy.quotas?.find(({ name }) => name === request.to)
  guarded(request, 'resized', [
    quota ? undefined : unknown(request, policy),
    ...(quota ? [inRange(quota, policy), another(request, quota)] : []),
    running(request),
  ])
  return quota!
}

function unknown({ from, to }: ResizeRequest, { quotas }: Policy): Broken {
  const now = `its nodes have ${sizesText(from)}`
  if (quotas === undefined)
    return { rule: 'quota-known', figures: `there are no quotas: name them in the file of --policy; ${now}` }
  const names = quotas.map(({ name, default: isDefault }) => (isDefault ? `${name} (default)` : name))
  return { rule: 'quota-known', figures: `"${to}" is none of ${names.join(', ')}; ${now}` }
}

function another({ from, to }: ResizeRequest, quota: Quota): Broken | undefined {
  if (!from.every(({ resources }) => sameResources(resources, figuresOf(quota)))) return undefined
  return { rule: 'no-change', figures: `its nodes have ${to} already: ${sizesText(from)}` }
}

function inRange(quota: Quota, { quotas = [], quotaRange }: Policy): Broken | undefined {
  const named = (end: string | undefined) => quotas.find(({ name }) => name === end)
  const [min, max] = [named(quotaRange?.min), named(quotaRange?.max)]
  const below = min && exceeding(figuresOf(min), figuresOf(quota))
  if (below)
    return { rule: 'quota-range', figures: `${quota.name} is smaller than ${min.name}, the least (${below})` }
  const above = max && exceeding(figuresOf(quota), figuresOf(max))
  return above
    ? { rule: 'quota-range', figures: `${quota.name} is larger than ${max.name}, the most (${above})` }
    : undefined
}

/** "cpu …" of all nodes, or "cores …; replicants …" where they differ. */
export function sizesText(sizes: ResizeRequest['from']): string {
  const texts = sizes.map(({ of, resources }) => ({ of, text: resourcesText(resources) }))
  const [first] = texts
  if (texts.every(({ text }) => text === first?.text)) return first?.text ?? ''
  return texts.map(({ of, text }) => `${of} ${text}`).join('; ')
}
