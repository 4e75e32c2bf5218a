import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { emqxV4 } from '#weir/cluster/emqx/v4.ts'
import { emqxV5 } from '#weir/cluster/emqx/v5.ts'
import { KubeApiError } from '#weir/cluster/kubernetes/types.ts'
import { AccessFinder } from '#weir/cluster/routes/access.ts'
import { FakeKube } from '../fake-kube.ts'

const secret = (name: string, key: string, ...lines: string[]) => ({
  metadata: { name },
  data: { [key]: Buffer.from(lines.join('\n')).toString('base64') },
})

test('what the caller says comes first, on the listener that knows such credentials', async () => {
  const kube = new FakeKube()
  kube.failure = new Error('nothing may be asked')
  const port = async (api: typeof emqxV4, kind: 'user' | 'key') => {
    const given = { username: 'me', password: 'mine', kind }
    const access = await new AccessFinder(kube, 'emqx', api, given).get()
    assert.equal([access.credentials, access.from], [given, 'set by the user'])
    return access.listener.port
  }
  assert.is(await port(emqxV5, 'key'), 18083)
  assert.is(await port(emqxV4, 'user'), 18083, 'the dashboard knows users')
  assert.is(await port(emqxV4, 'key'), 8081, 'applications are known to the management listener alone')
})

test('else the line of the operator’s own in its Secret', async () => {
  const kube = new FakeKube().put(
    'Secret',
    secret('emqx-bootstrap-api-key', 'bootstrap_api_key', 'mine:abc', 'emqx-operator-controller:xyz', ''),
    secret('emqx-ee-bootstrap-user', 'bootstrap_user', 'emqx_operator_controller:uvw'),
  )
  assert.equal(await new AccessFinder(kube, 'emqx', emqxV5, undefined).get(), {
    listener: emqxV5.listeners.keys,
    credentials: { username: 'emqx-operator-controller', password: 'xyz' },
    from: 'Secret emqx-bootstrap-api-key',
  })
  assert.equal(await new AccessFinder(kube, 'emqx-ee', emqxV4, undefined).get(), {
    listener: emqxV4.listeners.keys,
    credentials: { username: 'emqx_operator_controller', password: 'uvw' },
    from: 'Secret emqx-ee-bootstrap-user',
  })
})

test('a role at the end of an API key’s line is not part of the key', async () => {
  const kube = new FakeKube().put(
    'Secret',
    secret('emqx-bootstrap-api-key', 'bootstrap_api_key', 'emqx-operator-controller:xyz:administrator'),
  )
  const { credentials } = await new AccessFinder(kube, 'emqx', emqxV5, undefined).get()
  assert.is(credentials?.password, 'xyz')
})

test('without a Secret 4.4 has its initial user, and 5 none', async () => {
  const kube = new FakeKube()
  const four = await new AccessFinder(kube, 'emqx-ee', emqxV4, undefined).get()
  assert.equal([four.listener.port, four.credentials], [18083, { username: 'admin', password: 'public' }])
  assert.match(four.from, /initial user, as there is no Secret emqx-ee-bootstrap-user/)
  const five = await new AccessFinder(kube, 'emqx', emqxV5, undefined).get()
  assert.not('credentials' in five)
  kube.failure = new KubeApiError(403, 'Forbidden', 'no')
  const refused = await new AccessFinder(kube, 'emqx', emqxV5, undefined).get()
  assert.match(refused.from, /may not read Secret emqx-bootstrap-api-key/)
})

test('an API server that does not answer is no reason to try another user', async () => {
  const kube = new FakeKube()
  kube.failure = new Error('ECONNREFUSED')
  const finder = new AccessFinder(kube, 'emqx-ee', emqxV4, undefined)
  const failed = await finder.get().then(
    () => false,
    () => true,
  )
  assert.ok(failed)
  kube.failure = undefined
  kube.put('Secret', secret('emqx-ee-bootstrap-user', 'bootstrap_user', 'emqx_operator_controller:uvw'))
  assert.is((await finder.get()).credentials?.password, 'uvw', 'it is asked again at once')
})

test.run()
