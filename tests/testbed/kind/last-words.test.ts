import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ContainerStatus, Pod } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { operatorWords } from '#weir/testbed/kind/last-words.ts'
import type { PreparedOperator } from '#weir/testbed/operator/install/program.ts'

const operator = {
  image: 'operator:build',
  deployment: { metadata: { name: 'operator', namespace: 'system' } },
} as PreparedOperator

/** What is said of an operator whose pod has this status and log. */
function words(status: Partial<ContainerStatus> | undefined, log = '') {
  const asked: string[] = []
  const pod = {
    metadata: { name: 'operator-1', namespace: 'system' },
    spec: { containers: [{ name: 'manager', image: 'operator:build' }] },
    status: { containerStatuses: [{ name: 'manager', ...status }] },
  } as Pod
  const kube = {
    list: async () => ({ items: status === undefined ? [] : [pod], resourceVersion: '1' }),
    async raw(_method: string, path: string) {
      asked.push(path)
      return { status: 200, body: log }
    },
  } as unknown as KubeApi
  return operatorWords(kube, operator).then((said) => ({ said, asked }))
}

test('a pod that waits says for what', async () => {
  const state = { waiting: { reason: 'CreateContainerConfigError', message: 'secret "x" not found' } }
  assert.is((await words({ state } as Partial<ContainerStatus>)).said, 'its pod waits: secret "x" not found')
})

test('one that was started again is asked for the end of the container before', async () => {
  const { said, asked } = await words({ restartCount: 2 }, 'starting\npanic: no lease\n')
  assert.is(said, 'panic: no lease')
  assert.match(
    asked[0]!,
    /\/namespaces\/system\/pods\/operator-1\/log\?container=manager&tailLines=20&previous=true$/,
  )
})

test('no pod, and one that is silent', async () => {
  assert.is((await words(undefined)).said, 'it has no pod')
  assert.is((await words({ restartCount: 0 })).said, 'it said nothing')
})

test.run()
