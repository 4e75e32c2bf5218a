import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import type { WeirError } from '#weir/errors/index.ts'
import { testWith } from '../../support/programs.ts'
import { projectFile } from '../../support/project-file.ts'

const NAMES = ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT'] as const

function inPod(host: string | undefined, act: () => void): void {
  const before = NAMES.map((name) => [name, process.env[name]] as const)
  const set = (name: string, value: string | undefined) => {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  set('KUBERNETES_SERVICE_HOST', host)
  set('KUBERNETES_SERVICE_PORT', host && '6443')
  try {
    act()
  } finally {
    for (const [name, value] of before) set(name, value)
  }
}

test('in a pod the API server is where the kubelet says', () =>
  inPod('10.96.0.1', () => {
    const kube = createKubeApi({ kubeconfig: 'in-cluster', namespace: 'here' })
    assert.is(kube.server, 'https://10.96.0.1:6443')
    assert.is(kube.namespace, 'here')
    kube.close()
  }))

testWith('unshare')('a token that the kubelet has renewed is read when the old one is refused', () => {
  const asUser = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  const script = fileURLToPath(projectFile('dist/tests/cluster/kubernetes/in-pod.js'))
  const said = execFileSync('unshare', ['--mount', ...asUser, process.execPath, script], {
    encoding: 'utf8',
    stdio: 'pipe',
  })
  const { namespace, asked } = JSON.parse(said) as { namespace: string; asked: string[] }
  assert.is(namespace, 'there')
  assert.is(asked[0], 'Bearer first')
  assert.is(asked.at(-1), 'Bearer second')
})

test('elsewhere it is refused with what to do', () =>
  inPod(undefined, () => {
    try {
      createKubeApi({ kubeconfig: 'in-cluster' })
      assert.unreachable()
    } catch (error) {
      assert.is((error as WeirError).code, 'WEIR_KUBECONFIG')
      assert.match((error as WeirError).message, /is for a pod, and KUBERNETES_SERVICE_HOST is not set here/)
    }
  }))

test.run()
