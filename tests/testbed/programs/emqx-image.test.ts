import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Container, Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { WeirError } from '#weir/errors/index.ts'
import { isEmqx5 } from '#weir/testbed/kubelet/image.ts'
import { emqxImage } from '#weir/testbed/programs/emqx-image.ts'

let dir: string
test.before.each(() => {
  dir = mkdtempSync(join(tmpdir(), 'weir-emqx-'))
})
test.after.each(() => rmSync(dir, { recursive: true }))

function installation({
  version = 'REL_VSN="5.8.9"',
  apps = ['emqx_node_rebalance-5.0.9', 'emqx_eviction_agent'],
} = {}) {
  const home = join(dir, 'emqx')
  for (const folder of ['bin', 'releases', 'etc', 'data', ...apps.map((app) => `lib/${app}`)])
    mkdirSync(join(home, folder), { recursive: true })
  writeFileSync(join(home, 'bin', 'emqx'), '')
  writeFileSync(join(home, 'etc', 'base.hocon'), 'a = 1')
  writeFileSync(join(home, 'releases', 'emqx_vars'), version)
  return home
}

const container: Container = {
  name: 'emqx',
  image: 'emqx/emqx-enterprise:5.8.7',
  env: [
    { name: 'EMQX_DASHBOARD__LISTENERS__HTTP__BIND', value: '18084' },
    { name: 'EMQX_LISTENERS__TCP__DEFAULT__BIND', value: '127.9.9.9:1884' },
    { name: 'EMQX_HOST', value: 'emqx-0.nodes.default.svc.cluster.local' },
  ],
}
const pod: Pod = {
  metadata: { name: 'emqx-0', namespace: 'default', uid: 'u' },
  spec: { containers: [container] },
}
const place = { pod, container, podIp: '127.3.0.2' }

test('every listener binds to the address of the pod, unless the container names another', () => {
  const { env, version, entrypoint } = emqxImage(installation(), join(dir, 'own'))
  assert.is(version, '5.8.9')
  assert.equal(entrypoint, ['/opt/emqx/bin/emqx', 'foreground'])
  const { ERL_FLAGS, ...variables } = env!(place)
  assert.is(ERL_FLAGS, '-kernel inet_dist_use_interface {127,3,0,2}')
  assert.equal(variables, {
    EMQX_NODE__NAME: 'emqx@emqx-0.nodes.default.svc.cluster.local',
    EMQX_LISTENERS__TCP__DEFAULT__BIND: '127.9.9.9:1884',
    EMQX_LISTENERS__SSL__DEFAULT__BIND: '127.3.0.2:8883',
    EMQX_LISTENERS__WS__DEFAULT__BIND: '127.3.0.2:8083',
    EMQX_LISTENERS__WSS__DEFAULT__BIND: '127.3.0.2:8084',
    EMQX_DASHBOARD__LISTENERS__HTTP__BIND: '127.3.0.2:18084',
    EMQX_RPC__LISTEN_ADDRESS: '127.3.0.2',
    EMQX_RPC__PORT_DISCOVERY: 'manual',
    EMQX_LOG__CONSOLE__ENABLE: 'true',
    WEIR_IMAGE_VERSION: '5.8.7',
  })
})

test('nodes share the installation, and write to folders of their own', () => {
  const home = installation()
  const mounts = emqxImage(home, join(dir, 'own')).mounts(place)
  const at = (path: string) => mounts.find((mount) => mount.at === path)?.from ?? ''
  assert.is(at('/opt/emqx/lib'), join(home, 'lib'))
  assert.is.not(at('/opt/emqx/etc'), join(home, 'etc'))
  assert.is(readFileSync(join(at('/opt/emqx/etc'), 'base.hocon'), 'utf8'), 'a = 1')
  assert.ok(existsSync(at('/opt/emqx/data')))
  assert.ok(existsSync(at('/opt/emqx/log')))
})

for (const [what, make, message] of [
  ['another folder', () => dir, /is no EMQX installation: it has no bin\/emqx/],
  ['EMQX 4', () => installation({ version: 'REL_VSN="4.4.19"' }), /is EMQX 4\.4\.19: weir runs EMQX 5/],
  ['EMQX 6', () => installation({ version: 'export REL_VSN="6.0.0"' }), /is EMQX 6\.0\.0/],
  ['no version', () => installation({ version: '' }), /does not say which EMQX it is/],
  [
    'no evacuation',
    () => installation({ apps: ['emqx'] }),
    /without evacuation \(no emqx_node_rebalance in lib\)/,
  ],
] as const)
  test(`refused in one line: ${what}`, () => {
    assert.throws(
      () => emqxImage(make(), join(dir, 'own')),
      (error: unknown) =>
        error instanceof WeirError && error.code === 'WEIR_EMQX' && message.test(error.message),
    )
  })

test('which images an installation stands for', () => {
  for (const image of ['emqx/emqx-enterprise:5.8.7', 'emqx/emqx:5.8.7', 'docker.io/emqx/emqx:5.8.7'])
    assert.ok(isEmqx5(image), image)
  for (const image of [
    'emqx/emqx-ee:4.4.19',
    'emqx/emqx:4.4.1',
    'other/emqx-enterprise:5.8.7',
    'busybox:5.1',
  ])
    assert.not.ok(isEmqx5(image), image)
  assert.ok(isEmqx5('emqx/emqx:5.8.7', '5.8.7'))
  assert.not.ok(isEmqx5('emqx/emqx:5.8.7', '5.8.8'))
})

test.run()
