import { ownImage } from '#weir/cluster/index.ts'
import { missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** The cluster has Jobs, and there is an image for the pods of the fleet. */
export const fleetJob = defineCheck({
  id: 'fleet-job',
  title: 'fleet pods',
  code: 'WEIR_FLEET_JOB',
  matters: (request) => request.fleetJob !== undefined && request.clients > 0,
  needs: ['kube'],
  async run({ kube, fleetJob: wish, clients }) {
    if (!wish) return { lines: [] }
    const { pods, ownPod } = wish
    const { status } = await kube.raw('GET', '/apis/batch/v1')
    if (status === 404)
      return {
        lines: [
          missing(
            'the API server does not serve batch/v1, so there is no Job controller',
            'use a cluster that has one, or leave --fleet job out',
          ),
        ],
      }
    const image = wish.image ?? (await ownImage(kube, ownPod))
    if (image === undefined)
      return { lines: [missing('no image of weir is known for them', 'name one with --fleet-image')] }
    const each = Math.ceil(clients / pods)
    return { lines: [ok(`${pods} of ${image}, ${each} clients each`)], learned: { fleetImage: image } }
  },
})
