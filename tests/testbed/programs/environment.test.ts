import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Container, Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { expand, fullEnvironment } from '#weir/testbed/programs/environment.ts'
import { startHarness } from '../apiserver/harness.ts'

const container = (more: Partial<Container>): Container => ({ name: 'c', image: 'i', ...more })
const podOf = (one: Container): Pod => ({
  metadata: { name: 'p', namespace: 'default', labels: { role: 'core' } },
  spec: { containers: [one] },
})

async function environmentOf(one: Container) {
  const { kube, close } = await startHarness()
  const create = (kind: string, plural: string, object: object) =>
    kube.create(
      { group: '', version: 'v1', plural, kind, namespaced: true },
      {
        metadata: { name: 'x', namespace: 'default' },
        ...object,
      },
    )
  try {
    await create('Secret', 'secrets', { stringData: { cookie: 'secret' } })
    await create('ConfigMap', 'configmaps', { data: { a: '1', b: '2' } })
    return await fullEnvironment(
      kube,
      { pod: podOf(one), container: one, podIp: '127.3.0.2' },
      { host: '127.3.0.1', port: 6443 },
    )
  } finally {
    await close()
  }
}

test("a program has its container's variables, from wherever they come, and those of every pod", async () => {
  const result = await environmentOf(
    container({
      envFrom: [{ prefix: 'MAP_', configMapRef: { name: 'x' } }],
      env: [
        { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'ROLE', valueFrom: { fieldRef: { fieldPath: "metadata.labels['role']" } } },
        { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        { name: 'COOKIE', valueFrom: { secretKeyRef: { name: 'x', key: 'cookie' } } },
        { name: 'HOST', value: '$(POD).$(MAP_a).$(UNKNOWN)' },
        { name: 'NONE', valueFrom: { configMapKeyRef: { name: 'x', key: 'c', optional: true } } },
      ],
    }),
  )
  const { PATH, HOME, ...env } = (result as { env: Record<string, string> }).env
  assert.equal(env, {
    HOSTNAME: 'p',
    KUBERNETES_SERVICE_HOST: '127.3.0.1',
    KUBERNETES_SERVICE_PORT: '6443',
    MAP_a: '1',
    MAP_b: '2',
    POD: 'p',
    ROLE: 'core',
    IP: '127.3.0.2',
    COOKIE: 'secret',
    HOST: 'p.1.$(UNKNOWN)',
  })
})

test('a container does not start while a Secret or ConfigMap that it reads is missing', async () => {
  const missing = async (more: Partial<Container>) =>
    ((await environmentOf(container(more))) as { missing: string }).missing
  const key = { name: 'none', key: 'k' }
  assert.is(
    await missing({ env: [{ name: 'A', valueFrom: { secretKeyRef: key } }] }),
    `couldn't find key k in secret "none"`,
  )
  assert.is(await missing({ envFrom: [{ configMapRef: { name: 'none' } }] }), 'configmap "none" not found')
})

test('two dollars stand for one', () => {
  assert.is(expand('$$(A) $(A) $(B)', { A: 'a' }), '$(A) a $(B)')
})

test.run()
