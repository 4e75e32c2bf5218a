import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { PodStatus } from '#weir/cluster/kubernetes/kinds.ts'
import { blockedBy } from '#weir/cluster/observe/blocked.ts'

const waiting = (reason: string, message?: string, exitCode?: number): PodStatus => ({
  containerStatuses: [
    {
      name: 'emqx',
      state: { waiting: { reason, message } },
      ...(exitCode !== undefined && { lastState: { terminated: { exitCode } } }),
    } as NonNullable<PodStatus['containerStatuses']>[number],
  ],
})

test('a pod that cannot start says why; one that is on its way says nothing', () => {
  assert.is(
    blockedBy(waiting('ImagePullBackOff', 'Back-off pulling image "emqx:9"')),
    'ImagePullBackOff: Back-off pulling image "emqx:9"',
  )
  assert.is(blockedBy(waiting('CrashLoopBackOff', undefined, 1)), 'CrashLoopBackOff (exit code 1)')
  const unscheduled = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message: '0/3 nodes are available',
  }
  assert.is(blockedBy({ conditions: [unscheduled] } as PodStatus), 'Unschedulable: 0/3 nodes are available')
  assert.is(blockedBy(waiting('ContainerCreating')), undefined)
  assert.is(blockedBy({ containerStatuses: [] }), undefined)
  assert.is(blockedBy(undefined), undefined)
})

test('a message of any length is cut', () => {
  assert.is(blockedBy(waiting('ErrImagePull', 'x'.repeat(5000)))!.length, 200)
})

test.run()
