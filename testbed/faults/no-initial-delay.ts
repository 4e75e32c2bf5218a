import { conditionOf } from '#weir/cluster/kubernetes/kinds.ts'
import { ON_SERVING } from '../operator/emqx5/names.ts'
import { ownerOf, podsOf } from '../operator/v2beta1/sets.ts'
import type { NodesStatus } from '../operator/v2beta1/types.ts'
import { fault } from './fault.ts'

/** The pause between passes, until there is an evacuation. */
const IMPATIENT_MS = 20

export const noInitialDelay = fault({
  name: 'no-initial-delay',
  part: 'operator',
  summary: 'the first evacuation starts as soon as the new set serves',
  caughtBy: ['initial-delay'],
  v1beta4: () => ({
    initialDelaySeconds: () => 0,
    /** Nor does it wait for port-forwards. */
    portForwardMs: 0,
    pauseMs(pass, honestMs) {
      const [newest] = pass.cr.status?.conditions ?? []
      const isMoving = pass.cr.status?.blueGreenUpdateStatus?.evacuationsStatus !== undefined
      return newest?.type === 'BlueGreenUpdating' && !isMoving ? IMPATIENT_MS : honestMs
    },
  }),
  v2beta1: () => ({
    /** The old pods of the set have been shut out, and nothing else is waited for. */
    async isDelayOver(pass, current) {
      const pods = (await podsOf(pass)).filter((pod) => ownerOf(pod) === current.metadata.uid)
      return pods.every((pod) => conditionOf(pod, ON_SERVING)?.status !== 'True')
    },
    pauseMs({ cr: { status } }, honestMs) {
      const isMoving = (role: NodesStatus | undefined) => role?.updateRevision !== role?.currentRevision
      const waits =
        status?.conditions?.[0]?.type === 'Available' &&
        (isMoving(status.coreNodesStatus) || isMoving(status.replicantNodesStatus)) &&
        (status.nodeEvacuationsStatus ?? []).length === 0
      return waits ? IMPATIENT_MS : honestMs
    },
  }),
})
