import type { V1LabelSelector } from '@kubernetes/client-node'
import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Context } from '../context.ts'
import { ApiError, badRequest, internal, notFound } from '../errors.ts'
import { at, listAt, numberAt, objectIn, textAt } from '../json.ts'
import type { ResourceType } from '../resource-type.ts'
import { matchesSelector } from '../selectors/labels.ts'
import { type DeleteOptions, deleteObject } from './delete.ts'

const BUDGETS = 'policy/poddisruptionbudgets'

interface Target {
  namespace: string | undefined
  name: string
}

/**
 * POST pods/eviction: deletes a pod if its disruption budget allows it, and marks it first as about to be disrupted
 * (registry/core/pod/storage/eviction.go). A pod that serves nobody needs no budget.
 */
export async function evictPod(
  context: Context,
  type: ResourceType,
  target: Target,
  eviction: unknown,
): Promise<void> {
  const { namespace, name } = target
  const named = textAt(eviction, 'metadata', 'name')
  if (named !== undefined && named !== name)
    throw badRequest(`name in URL does not match name in Eviction object: name is ${name}`)
  const pod = context.store.get(type.bucket, namespace, name)
  if (!pod) throw notFound(type, name)
  const dryRun = listAt<string>(eviction, 'deleteOptions', 'dryRun').includes('All')
  const options: DeleteOptions = { ...(at(eviction, 'deleteOptions') as DeleteOptions | undefined), dryRun }
  if (!servesNobody(pod)) {
    spendBudget(context, pod, dryRun)
    if (!dryRun) context.store.put(type.bucket, disrupted(pod))
  }
  await deleteObject(context, type, namespace, name, options)
}

const servesNobody = (pod: KubeObject): boolean =>
  pod.metadata.deletionTimestamp !== undefined ||
  ['Pending', 'Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '')

/** Takes one of the disruptions that the pod's budget allows. Throws 429 when it allows none. */
function spendBudget(context: Context, pod: KubeObject, isDryRun: boolean): void {
  const { namespace, name, labels = {} } = pod.metadata
  const budgets = context.store
    .list(BUDGETS, namespace)
    .filter(({ spec }) => matchesSelector((spec as { selector?: V1LabelSelector }).selector, labels))
  if (budgets.length > 1)
    throw internal(
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    )
  const [budget] = budgets
  if (!budget) return
  const status = (path: string) => numberAt(budget, 'status', path) ?? 0
  const budgetName = budget.metadata.name
  if (status('observedGeneration') < (budget.metadata.generation ?? 0))
    throw notNow(`The disruption budget ${budgetName} is still being processed by the server.`)
  const allowed = status('disruptionsAllowed')
  if (allowed <= 0)
    throw notNow(
      `The disruption budget ${budgetName} needs ${status('desiredHealthy')} healthy pods and has ${status('currentHealthy')} currently`,
    )
  if (isDryRun) return
  const spent = structuredClone(budget)
  const after = objectIn(spent, 'status')
  after.disruptionsAllowed = allowed - 1
  objectIn(after, 'disruptedPods')[name] = timestamp()
  context.store.put(BUDGETS, spent)
}

const notNow = (message: string) =>
  new ApiError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message }],
  })

function disrupted(pod: KubeObject): KubeObject {
  const mark = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
    lastProbeTime: null,
    lastTransitionTime: timestamp(),
  }
  const others = listAt(pod, 'status', 'conditions').filter(({ type }) => type !== mark.type)
  return { ...pod, status: { ...(pod.status as object), conditions: [...others, mark] } }
}
