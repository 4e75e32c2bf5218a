/** ServiceAccounts, their tokens, and permissions that come and go. */
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import WebSocket from 'ws'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { KubeApiError } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import { writeAccountKubeconfig, writeKubeconfig } from '#weir/testbed/embedded/kubeconfig.ts'
import { configMap, type Harness, podOf, startHarness, TOKEN, watchLines } from '../harness.ts'
import { startPodServer } from './pod-server.ts'

const HOME = '/api/v1/namespaces/default'
const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces/default'

async function makeAccount(harness: Harness, name = 'weir'): Promise<string> {
  const made = await harness.ask('POST', `${HOME}/serviceaccounts`, { metadata: { name } })
  assert.is(made.status, 201)
  const issued = await harness.ask('POST', `${HOME}/serviceaccounts/${name}/token`, {})
  return issued.body.status.token
}

async function grant(harness: Harness, rules: object[]): Promise<void> {
  await harness.ask('POST', `${RBAC}/roles`, { metadata: { name: 'r' }, rules })
  const made = await harness.ask('POST', `${RBAC}/rolebindings`, {
    metadata: { name: 'r' },
    roleRef: { kind: 'Role', name: 'r' },
    subjects: [{ kind: 'ServiceAccount', name: 'weir', namespace: 'default' }],
  })
  assert.is(made.status, 201)
}
const withdraw = (harness: Harness) => harness.ask('DELETE', `${RBAC}/rolebindings/r`)
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const READ = { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] }

test('a watch that has begun goes on when its permission is withdrawn; the next request is refused', async () => {
  const harness = await startHarness()
  const token = await makeAccount(harness)
  await grant(harness, [READ])
  const lines = watchLines(harness, `${HOME}/configmaps?watch=1`, bearer(token))
  await harness.ask('POST', `${HOME}/configmaps`, configMap('before'))
  assert.is((await lines.next()).value.object.metadata.name, 'before')
  await withdraw(harness)
  const refused = await harness.ask('GET', `${HOME}/configmaps`, undefined, bearer(token))
  assert.is(refused.status, 403)
  assert.is(
    refused.body.message,
    'configmaps is forbidden: User "system:serviceaccount:default:weir" cannot list resource "configmaps" in API group "" in the namespace "default"',
  )
  await harness.ask('POST', `${HOME}/configmaps`, configMap('after'))
  assert.is((await lines.next()).value.object.metadata.name, 'after')
  await lines.return(undefined)
  await harness.close()
})

test('a forward needs its permission, as long as it is there', async () => {
  const harness = await startHarness()
  const token = await makeAccount(harness)
  await harness.ask('POST', `${HOME}/pods`, podOf('ee-0', 'hollow'))
  const open = async () => {
    const url = `${harness.server.url.replace('http', 'ws')}${HOME}/pods/ee-0/portforward?ports=1`
    const client = new WebSocket(url, ['v4.channel.k8s.io'], { headers: bearer(token) })
    return new Promise<number>((resolve, reject) => {
      client.on('open', () => {
        client.close()
        resolve(101)
      })
      client.on('unexpected-response', (_, response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      client.on('error', reject)
    })
  }
  assert.is(await open(), 403)
  // Over a WebSocket the request is a GET.
  await grant(harness, [{ apiGroups: [''], resources: ['pods/portforward'], verbs: ['get'] }])
  assert.is(await open(), 101)
  await withdraw(harness)
  assert.is(await open(), 403)
  await harness.close()
})

test('a token ends with its ServiceAccount, and a new one of that name is another', async () => {
  const harness = await startHarness()
  const token = await makeAccount(harness)
  const status = async (given: string) =>
    (await harness.ask('GET', '/version', undefined, bearer(given))).status
  assert.is(await status(token), 200)
  await harness.ask('DELETE', `${HOME}/serviceaccounts/weir`)
  assert.is(await status(token), 401)
  const next = await makeAccount(harness)
  assert.is(await status(token), 401)
  assert.is(await status(next), 200)
  await harness.close()
})

test('tokens for others, forged ones and those whose time is over are nobody’s', async () => {
  const harness = await startHarness()
  const token = await makeAccount(harness)
  const status = async (given: string) =>
    (await harness.ask('GET', '/version', undefined, bearer(given))).status
  const foreign = await harness.ask('POST', `${HOME}/serviceaccounts/weir/token`, {
    spec: { audiences: ['somebody-else'] },
  })
  assert.is(await status(foreign.body.status.token), 401)
  const [header, payload = ''] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  assert.is(claims.sub, 'system:serviceaccount:default:weir')
  assert.ok(claims.exp > Date.now() / 1000 + 3000)
  const forged = `${header}.${payload}`
  const signature = createHmac('sha256', 'a guess').update(forged).digest('base64url')
  assert.is(await status(`${forged}.${signature}`), 401)
  for (const nonsense of ['', 'a.b', 'a.b.c', 'a.b.c.d', `${forged}.`]) assert.is(await status(nonsense), 401)
  await harness.close()
})

test('kubeconfigs: for a user, for a ServiceAccount, over TLS and with the token in the address', async () => {
  const harness = await startHarness({ users: [{ name: 'alice', token: 'alice-token' }] })
  await makeAccount(harness)
  await grant(harness, [READ])
  const dir = mkdtempSync(join(tmpdir(), 'weir-accounts-'))
  const [admin, own] = [join(dir, 'admin'), join(dir, 'weir')]
  await writeKubeconfig(admin, harness.server.url, TOKEN)
  await writeAccountKubeconfig(own, admin, { namespace: 'default', name: 'weir' })
  assert.not.ok(readFileSync(own, 'utf8').includes(TOKEN), 'nothing of the administrator is left in it')
  const kube = createKubeApi({ kubeconfig: own })
  assert.equal((await kube.list(resources.configMaps, { namespace: 'default' })).items, [])
  const refused = await kube.list(resources.pods, { namespace: 'default' }).catch((error) => error)
  assert.instance(refused, KubeApiError)
  assert.is(refused.status, 403)
  assert.match(refused.message, /User "system:serviceaccount:default:weir" cannot list resource "pods"/)
  kube.close()
  const missing = await writeAccountKubeconfig(own, admin, { namespace: 'default', name: 'nobody' }).catch(
    (error) => error,
  )
  assert.instance(missing, WeirError)
  assert.match(missing.message, /serviceaccounts "nobody" not found/)
  assert.match(harness.server.kubeconfigFor('alice-token', 'emqx'), /namespace: emqx/)
  rmSync(dir, { recursive: true })
  await harness.close()
})

test('the pod behind the proxy does not see who asked, wherever the token was', async () => {
  const harness = await startHarness()
  const { server, port } = await startPodServer('127.0.0.1')
  await harness.ask('POST', `${HOME}/pods`, podOf('ee-0', 'hollow'))
  const merge = { 'content-type': 'application/merge-patch+json' }
  await harness.ask('PATCH', `${HOME}/pods/ee-0/status`, { status: { podIP: '127.0.0.1' } }, merge)
  for (const prefix of ['', `/${TOKEN}`]) {
    const path = `${prefix}${HOME}/pods/ee-0:${port}/proxy/echo/x`
    const seen = await harness.ask('GET', path)
    assert.is(seen.status, 200)
    assert.is(seen.body.headers.authorization, undefined)
    assert.not.ok(JSON.stringify(seen.body).includes(TOKEN))
  }
  server.close()
  await harness.close()
})

test.run()
