import { isDeepStrictEqual } from 'node:util'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { templateSuffix } from '../../../runtime/hash.ts'
import { createOrUpdate, decodeLastApplied } from '../../apply.ts'
import type { LineSwitches } from '../../lines.ts'
import { CommonError, wrap } from '../../runtime/errors.ts'
import { dataName, headlessName, metadataOf } from '../names.ts'
import { podTemplate } from '../objects/pod-template.ts'
import type { Pass, Step } from '../pass.ts'
import { listSets } from '../sets.ts'
import type { EmqxEnterprise } from '../types.ts'

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

function sameTemplate(existing: StatefulSet, wanted: StatefulSet): boolean {
  const last = decodeLastApplied(existing) as StatefulSet | undefined
  return last !== undefined && isDeepStrictEqual(last.spec.template, plain(wanted.spec.template))
}

/**
 * The set to run: an existing one with this template, or a new one. A set with 0 replicas is not considered but keeps its name,
 * so going back to an old template makes a third set.
 */
async function nextSet(pass: Pass, wanted: StatefulSet): Promise<StatefulSet> {
  const { cr, env } = pass
  if (cr.spec.blueGreenUpdate === undefined) return wanted
  const sets = await listSets(pass).catch((error: unknown) => {
    if (error instanceof CommonError) return []
    throw error
  })
  const match = sets.find((set) => sameTemplate(set, wanted))
  if (match !== undefined) return { ...wanted, metadata: { ...wanted.metadata, name: match.metadata.name } }
  for (let collisions = 0; ; collisions += 1) {
    const name = `${wanted.metadata.name}-${templateSuffix(wanted.spec.template, collisions)}`
    const taken = await unlessGone(env.kube.get(resources.statefulSets, cr.metadata.namespace, name))
    if (!taken) return { ...wanted, metadata: { ...wanted.metadata, name } }
  }
}

export const addStatefulSet: Step = async (pass) => {
  try {
    const { object, what } = await createOrUpdate(
      pass,
      await nextSet(
        pass,
        pass.hooks.setToWrite(pass, statefulSet(pass.hooks.templated(pass.cr), pass.env.line)),
      ),
    )
    if (what === 'created') pass.created = object
  } catch (error) {
    throw wrap(error, 'failed to create or update statefulset')
  }
  return undefined
}

/** The wanted set, under the resource's name. */
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
