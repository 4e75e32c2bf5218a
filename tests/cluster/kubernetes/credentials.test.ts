/** Credentials that expire while weir runs: the kubeconfig is read again when they are refused. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { selfSigned } from '#weir/testbed/tls/certificate.ts'
import { apiServer, listOf, refusal } from '../api-server.ts'

const PODS = '/api/v1/namespaces/default/pods'
const DEFAULT = { namespace: 'default' }

/** A server that accepts one token at a time, and a kubeconfig that holds one. */
async function guarded(
  act: (server: {
    kube: KubeApi
    kubeconfig: string
    accept(token: string): void
    hold(text: string): void
    asked: string[]
    /** Resolves when a watch was asked for with these credentials. */
    watched(authorization: string): Promise<void>
  }) => Promise<void>,
): Promise<void> {
  let accepted = 'first'
  const asked: string[] = []
  const watches: string[] = []
  const pods = (_body: string, url: string, { authorization = '' }: { authorization?: string }) => {
    asked.push(authorization)
    if (url.includes('watch=true')) watches.push(authorization)
    return authorization === `Bearer ${accepted}`
      ? listOf({ metadata: { name: 'p', resourceVersion: '1' } })
      : refusal(401, 'Unauthorized', 'Unauthorized')
  }
  await apiServer({ [PODS]: pods }, async ({ kubeconfig }) => {
    const empty = readFileSync(kubeconfig, 'utf8')
    const holding = (token: string) => empty.replace('"user":{}', `"user":{"token":"${token}"}`)
    writeFileSync(kubeconfig, holding('first'))
    const kube = createKubeApi({ kubeconfig })
    try {
      await act({
        kube,
        kubeconfig,
        asked,
        watched: async (authorization) => {
          while (!watches.includes(authorization)) await new Promise((resolve) => setTimeout(resolve, 10))
        },
        accept: (token) => {
          accepted = token
        },
        hold: (token) => writeFileSync(kubeconfig, token === '' ? '{' : holding(token)),
      })
    } finally {
      kube.close()
    }
  })
}

test('a token that was renewed in the kubeconfig is used as soon as the old one is refused', () =>
  guarded(async ({ kube, accept, hold, asked }) => {
    await kube.list(resources.pods, DEFAULT)
    hold('second')
    await kube.list(resources.pods, DEFAULT)
    accept('second')
    await kube.list(resources.pods, DEFAULT)
    assert.equal(asked, ['Bearer first', 'Bearer first', 'Bearer first', 'Bearer second'])
  }))

test('a watch goes on with the new token, without a gap', () =>
  guarded(async ({ kube, accept, hold, watched }) => {
    const gaps: string[] = []
    let lists = 0
    hold('second')
    const watch = kube.watch(resources.pods, DEFAULT, {
      onList() {
        lists++
        accept('second')
      },
      onEvent() {},
      onGap: (reason) => gaps.push(reason),
    })
    await watch.ready
    // The watch itself is the request that is refused.
    await watched('Bearer second')
    watch.stop()
    assert.is(lists, 1)
    assert.equal(gaps, [])
  }))

test('without a newer token it is said once, whose credentials are at fault', () =>
  guarded(async ({ kube, accept, asked }) => {
    accept('another')
    const said = await kube.list(resources.pods, DEFAULT).catch((error: Error) => error.message)
    assert.is(said, 'the credentials of the kubeconfig are not, or no longer, accepted (401)')
    assert.equal(asked, ['Bearer first', 'Bearer first'])
  }))

test('a kubeconfig that is just being written does not end the run', () =>
  guarded(async ({ kube, accept, hold }) => {
    await kube.list(resources.pods, DEFAULT)
    accept('second')
    hold('')
    await kube.list(resources.pods, DEFAULT).catch(() => {})
    hold('second')
    await kube.list(resources.pods, DEFAULT)
  }))

test('the credentials of another context, or of another cluster, are not sent', () =>
  guarded(async ({ kube, kubeconfig, accept, asked }) => {
    await kube.list(resources.pods, DEFAULT)
    accept('second')
    const config = JSON.parse(readFileSync(kubeconfig, 'utf8'))
    config.users.push({ name: 'other', user: { token: 'other' } })
    config.contexts.push({ name: 'other', context: { cluster: 'k', user: 'other' } })
    writeFileSync(kubeconfig, JSON.stringify({ ...config, 'current-context': 'other' }))
    await kube.list(resources.pods, DEFAULT).catch(() => {})
    config.clusters[0].cluster.server = 'http://127.0.0.1:1'
    config.users[0].user.token = 'elsewhere'
    writeFileSync(kubeconfig, JSON.stringify(config))
    await kube.list(resources.pods, DEFAULT).catch(() => {})
    assert.equal([...new Set(asked)], ['Bearer first'])
  }))

test('a client certificate that a command renews takes a new connection', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-certificates-'))
  const served = selfSigned()
  const seen: string[] = []
  const server = createServer(
    { key: served.key, cert: served.certificate, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const print = (request.socket as TLSSocket).getPeerX509Certificate()?.fingerprint256 ?? 'none'
      if (seen.at(-1) !== print) seen.push(print)
      // The first certificate has expired by its second use.
      const { status = 200, body } = asked++ === 1 ? refusal(401, 'Unauthorized', 'Unauthorized') : listOf()
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    },
  )
  let asked = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    // Expired as soon as it is had, so that every question for credentials starts the command.
    const renew = () => {
      const { key, certificate } = selfSigned()
      const status = {
        clientCertificateData: certificate,
        clientKeyData: key,
        expirationTimestamp: '2020-01-01T00:00:00Z',
      }
      const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status }
      writeFileSync(join(dir, 'credential.json'), JSON.stringify(credential))
    }
    renew()
    const { port } = server.address() as AddressInfo
    const print = 'process.stdout.write(require("node:fs").readFileSync(process.argv[1]))'
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-e', print, join(dir, 'credential.json')],
      interactiveMode: 'Never',
    }
    const kubeconfig = join(dir, 'kubeconfig')
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'c',
        clusters: [
          { name: 'k', cluster: { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } },
        ],
        users: [{ name: 'renewed', user: { exec } }],
        contexts: [{ name: 'c', context: { cluster: 'k', user: 'renewed', namespace: 'default' } }],
      }),
    )
    const kube = createKubeApi({ kubeconfig })
    await kube.list(resources.pods, DEFAULT)
    renew()
    await kube.list(resources.pods, DEFAULT)
    kube.close()
    assert.is(asked, 3)
    assert.is(new Set(seen).size, 2, 'the last request came with the new certificate')
  } finally {
    server.closeAllConnections()
    server.close()
    rmSync(dir, { recursive: true })
  }
})

test.run()
