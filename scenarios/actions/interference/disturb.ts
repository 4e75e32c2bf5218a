import { DISTURBANCES } from '#weir/facts/index.ts'
import { StepFailure } from '../../run/endings.ts'
import type { Run } from '../../run/run.ts'
import type { Step } from '../../types.ts'
import { audited } from '../audited.ts'
import { chosen } from './kill-pod.ts'

type Disturb = Extract<Step, { action: 'disturb' }>

/** Has something happen to the embedded cluster for so many seconds. Resolves when it has begun. */
export function disturb(run: Run, { what, seconds, pod }: Disturb): Promise<void> {
  const target = pod === undefined ? undefined : chosen(run, pod)
  const where = target ? `${target.name}: ` : ''
  return audited(run, 'disturb', `${where}${DISTURBANCES[what]}, for ${seconds} s`, async () => {
    const { clusterProcess } = run
    if (!clusterProcess)
      throw new StepFailure('failed', `disturb: ${what} is possible on the embedded cluster alone`)
    await clusterProcess.disturb({ what, seconds, podIp: target?.ip })
    return 'begun'
  })
}
