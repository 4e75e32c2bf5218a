import { isDeepStrictEqual } from 'node:util'
import { isAlreadyExists } from '#weir/cluster/kubernetes/api-errors.ts'
import type { StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { decodeLastApplied, written } from '../../apply.ts'
import { dashboardPorts } from '../../emqx5/config.ts'
import { beginProgress } from '../conditions.ts'
import { coreSet, newReplicantSet } from '../objects.ts'
import type { Step } from '../pass.ts'
import { replicantReplicas } from '../settings.ts'
import { hashOf, replicantSet } from '../state.ts'
import { writeStatus } from './update-status.ts'

/** The controllers of Kubernetes get the time to note a change. */
const NEXT = { requeueAfterMs: 1000 }

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

/** What the operator last wrote of a set, without what it scales. */
function isAsWritten(stored: StatefulSet, wanted: StatefulSet): boolean {
  const last = (decodeLastApplied(stored) as StatefulSet | undefined) ?? stored
  const { template, minReadySeconds } = wanted.spec
  return isDeepStrictEqual(
    plain({ template: last.spec.template, wait: last.spec.minReadySeconds }),
    plain({ template, wait: minReadySeconds }),
  )
}

/** Creates the set of cores, or gives it a changed template, which by itself replaces no pod. */
export const addCores: Step = async (pass) => {
  const { kube } = pass.env
  const wanted = written(pass, coreSet(pass.cr, dashboardPorts(pass.config)))
  const stored = pass.state.cores
  if (stored === undefined) {
    await kube.create(resources.statefulSets, wanted)
    return NEXT
  }
  if (isAsWritten(stored, coreSet(pass.cr, dashboardPorts(pass.config)))) return undefined
  const { template, minReadySeconds } = wanted.spec
  await kube.replace(resources.statefulSets, {
    ...stored,
    metadata: {
      ...stored.metadata,
      annotations: { ...stored.metadata.annotations, ...wanted.metadata.annotations },
    },
    spec: { ...stored.spec, template, ...(minReadySeconds !== undefined && { minReadySeconds }) },
  })
  beginProgress(pass, 'Core')
  await writeStatus(pass)
  return NEXT
}

/** Creates a set of replicants for each new template, without pods where there are others to be left, once a core of the newest template is there. */
export const addReplicants: Step = async (pass) => {
  const { cr, env, state, status } = pass
  const template = cr.spec.replicantTemplate
  const isCoreThere = status.coreNodesStatus.updatedReplicas > 0
  if (!template || (state.cores?.status?.availableReplicas ?? 0) === 0 || !isCoreThere) return undefined
  const counts = status.replicantNodesStatus
  const collisions = counts.collisionCount ?? 0
  const replicas = state.replicants.length === 0 ? replicantReplicas(cr) : 0
  const wanted = newReplicantSet(cr, template, dashboardPorts(pass.config), { replicas, collisions })
  const update = replicantSet(pass, 'update')
  if (update !== undefined && hashOf(update) === hashOf(wanted)) return undefined
  try {
    await env.kube.create(resources.replicaSets, written(pass, wanted))
  } catch (error) {
    // The set of an earlier template, which has come again.
    if (!isAlreadyExists(error)) throw error
  }
  counts.updateRevision = hashOf(wanted)
  counts.currentRevision ||= hashOf(wanted)
  beginProgress(pass, 'Replicant')
  await writeStatus(pass)
  return NEXT
}
