import { isDeepStrictEqual } from 'node:util'
import { isNotFound } from '#weir/cluster/kubernetes/api-errors.ts'
import type { StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { createOrUpdate } from '../../apply.ts'
import { CommonError, wrap } from '../../runtime/errors.ts'
import { decodeLastApplied } from '../../runtime/last-applied.ts'
import { templateSuffix } from '../../runtime/template-suffix.ts'
import { statefulSet } from '../objects/stateful-set.ts'
import type { Pass, Step } from '../pass.ts'
import { listSets } from '../sets.ts'

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

function sameTemplate(existing: StatefulSet, wish: StatefulSet): boolean {
  const last = decodeLastApplied(existing) as StatefulSet | undefined
  return last !== undefined && isDeepStrictEqual(last.spec.template, plain(wish.spec.template))
}

/**
 * The set that shall run: one that runs this template already, or a new one beside it. A set that was scaled to zero is
 * not looked at, but keeps its name; so going back to an old template makes a third set.
 */
async function nextSet(pass: Pass, wish: StatefulSet): Promise<StatefulSet> {
  const { cr, env } = pass
  if (cr.spec.blueGreenUpdate === undefined) return wish
  const sets = await listSets(pass).catch((error: unknown) => {
    if (error instanceof CommonError) return []
    throw error
  })
  const match = sets.find((set) => sameTemplate(set, wish))
  if (match !== undefined) return { ...wish, metadata: { ...wish.metadata, name: match.metadata.name } }
  for (let collisions = 0; ; collisions += 1) {
    const name = `${wish.metadata.name}-${templateSuffix(wish.spec.template, collisions)}`
    try {
      await env.kube.get(resources.statefulSets, cr.metadata.namespace, name)
    } catch (error) {
      if (!isNotFound(error)) throw error
      return { ...wish, metadata: { ...wish.metadata, name } }
    }
  }
}

export const addStatefulSet: Step = async (pass) => {
  try {
    const { object, what } = await createOrUpdate(
      pass,
      await nextSet(pass, statefulSet(pass.cr, pass.env.line)),
    )
    if (what === 'created') pass.created = object
  } catch (error) {
    throw wrap(error, 'failed to create or update statefulset')
  }
  return undefined
}
