import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openCluster } from '#weir/cluster/index.ts'
import type { ClusterOptions } from '#weir/cluster/types.ts'
import { WeirError } from '#weir/errors/index.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-open-'))

function kubeconfig(server: string): string {
  const file = join(dir, 'kubeconfig')
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'k', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', namespace: 'space' } }],
  }
  writeFileSync(file, JSON.stringify(config))
  return file
}

/** Opens a cluster whose API server gives this answer to everything. */
async function opened(
  status: number,
  body: object,
  options: Partial<ClusterOptions> = {},
): Promise<string | WeirError> {
  const server = createServer((_req, res) => {
    res.writeHead(status, { 'content-type': 'application/json' })
    res.end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const cluster = await openCluster({ kubeconfig: kubeconfig(url), ...options })
    await cluster.close()
    return `${cluster.namespace}/${cluster.name}`
  } catch (error) {
    return error as WeirError
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

const status = (code: number, reason: string, message: string) => ({
  kind: 'Status',
  status: 'Failure',
  code,
  reason,
  message,
})
const list = (...names: string[]) => ({
  kind: 'List',
  metadata: {},
  items: names.map((name) => ({ metadata: { name } })),
})

function refused(result: string | WeirError, code: string, words: RegExp): void {
  assert.instance(result, WeirError)
  const error = result as WeirError
  assert.is(error.code, code)
  assert.match(error.message, words)
  assert.not.match(error.message, /\n/)
}

test('the only resource of the namespace, or the one asked for', async () => {
  assert.is(await opened(200, list('emqx-ee'), { dialect: 'v1beta4' }), 'space/emqx-ee')
  assert.is(await opened(200, list('a', 'b'), { dialect: 'v1beta4', name: 'b' }), 'space/b')
  assert.is(
    await opened(200, list(), { dialect: 'v1beta4', name: 'yet-to-come', namespace: 'elsewhere' }),
    'elsewhere/yet-to-come',
  )
})

test('none, or several, and no name', async () => {
  refused(
    await opened(200, list()),
    'WEIR_CLUSTER_UNFIT',
    /there is no EmqxEnterprise or EMQX in namespace space/,
  )
  refused(
    await opened(200, list('a', 'b'), { dialect: 'v1beta4' }),
    'WEIR_CLUSTER_UNFIT',
    /2 EmqxEnterprise \(a, b\).*select one/,
  )
})

test('no operator', async () => {
  refused(
    await opened(404, status(404, 'NotFound', 'nope')),
    'WEIR_CLUSTER_UNFIT',
    /install a release line of the EMQX Operator/,
  )
})

test('no credentials, no permission', async () => {
  refused(
    await opened(401, status(401, 'Unauthorized', 'Unauthorized')),
    'WEIR_CLUSTER_FORBIDDEN',
    /does not accept the credentials/,
  )
  refused(
    await opened(403, status(403, 'Forbidden', 'user "u" cannot list resource')),
    'WEIR_CLUSTER_FORBIDDEN',
    /allow this user to list the resources of the EMQX Operator.*cannot list resource/,
  )
})

test('nobody answers', async () => {
  const kube = kubeconfig('http://127.0.0.1:1')
  const error = await openCluster({ kubeconfig: kube }).catch((e: unknown) => e as WeirError)
  refused(
    error as WeirError,
    'WEIR_CLUSTER_UNREACHABLE',
    /http:\/\/127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)/,
  )
})

test('a kubeconfig that is not there, or is none', async () => {
  const missing = await openCluster({ kubeconfig: join(dir, 'nope') }).catch((e: unknown) => e as WeirError)
  refused(missing as WeirError, 'WEIR_KUBECONFIG', /nope/)
  const file = join(dir, 'broken')
  writeFileSync(file, 'clusters: [')
  const broken = await openCluster({ kubeconfig: file }).catch((e: unknown) => e as WeirError)
  refused(broken as WeirError, 'WEIR_KUBECONFIG', /broken/)
})

test.after(() => rmSync(dir, { recursive: true }))

test.run()
