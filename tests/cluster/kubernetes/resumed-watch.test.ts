/** A watch whose connection is cut goes on from the version at which it broke; only a server that has forgotten it lists again. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http, { type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'

const pod = (name: string, resourceVersion: string) => ({ metadata: { name, resourceVersion } })

/** A server of one listing, whose watches the test answers. */
async function served(
  act: (bed: {
    watches: { version: string; response: ServerResponse }[]
    lists: () => number
    heard: string[]
    /** What the next watches are refused with. */
    refusals: number[]
  }) => Promise<void>,
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'weir-resumed-'))
  const watches: { version: string; response: ServerResponse }[] = []
  const heard: string[] = []
  let lists = 0
  const refusals: number[] = []
  const server = http.createServer((request, response) => {
    const query = new URL(request.url!, 'http://server').searchParams
    response.setHeader('content-type', 'application/json')
    const refused = query.get('watch') === 'true' && refusals.shift()
    if (refused) {
      response.statusCode = refused
      response.end(JSON.stringify({ kind: 'Status', reason: 'Expired', message: 'too old resource version' }))
    } else if (query.get('watch') === 'true') {
      response.flushHeaders()
      watches.push({ version: query.get('resourceVersion')!, response })
    } else {
      lists++
      response.end(
        JSON.stringify({ metadata: { resourceVersion: String(10 * lists) }, items: [pod('a', '1')] }),
      )
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const file = join(dir, 'kubeconfig')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  writeFileSync(
    file,
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'a' },
      clusters: [{ name: 'a', cluster: { server: address, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'a', user: {} }],
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    }),
  )
  const kube = createKubeApi({ kubeconfig: file })
  const watch = kube.watch(
    resources.pods,
    {},
    {
      onList: (items) => heard.push(`list ${items.length}`),
      onEvent: (type, { metadata }) => heard.push(`${type} ${metadata.name}`),
      onGap: () => heard.push('gap'),
      onResumed: () => heard.push('resumed'),
    },
  )
  try {
    await act({ watches, lists: () => lists, heard, refusals })
  } finally {
    watch.stop()
    kube.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    rmSync(dir, { recursive: true })
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (const endMs = Date.now() + 30_000; !holds(); await new Promise((resolve) => setTimeout(resolve, 10)))
    if (Date.now() > endMs) throw new Error('it never came')
}

const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`

test('a watch that is cut goes on from the last version that it heard of, and nothing is listed again', () =>
  served(async ({ watches, lists, heard }) => {
    await until(() => watches.length === 1)
    watches[0]!.response.write(line('ADDED', pod('b', '17')))
    await until(() => heard.includes('ADDED b'))
    watches[0]!.response.destroy()
    await until(() => watches.length === 2)
    assert.is(watches[1]!.version, '17')
    watches[1]!.response.write(line('MODIFIED', pod('b', '18')))
    await until(() => heard.includes('MODIFIED b'))
    assert.equal(heard, ['list 1', 'ADDED b', 'gap', 'resumed', 'MODIFIED b'])
    assert.is(lists(), 1)
  }))

test('a server that has forgotten the version is listed again', () =>
  served(async ({ watches, lists, heard }) => {
    await until(() => watches.length === 1)
    watches[0]!.response.write(
      line('ERROR', { code: 410, reason: 'Expired', message: 'too old resource version' }),
    )
    await until(() => watches.length === 2)
    assert.equal(heard, ['list 1', 'gap', 'list 1'])
    assert.is(watches[1]!.version, '20')
    assert.is(lists(), 2)
  }))

test('an error in the watch, or what is no event, is no break: everything is listed again', () =>
  served(async ({ watches, lists, heard }) => {
    await until(() => watches.length === 1)
    watches[0]!.response.write(line('ERROR', { code: 500, reason: 'InternalError', message: 'etcd' }))
    await until(() => watches.length === 2)
    watches[1]!.response.write('<html>\n')
    await until(() => watches.length === 3)
    assert.equal(heard, ['list 1', 'gap', 'list 1', 'gap', 'list 1'])
    assert.is(lists(), 3)
  }))

test('a watch that is refused is listed again, and one that a busy server turns away is not', () =>
  served(async ({ watches, lists, heard, refusals }) => {
    await until(() => watches.length === 1)
    refusals.push(410)
    watches[0]!.response.destroy()
    await until(() => watches.length === 2)
    assert.equal(heard, ['list 1', 'gap', 'gap', 'list 1'])
    refusals.push(503)
    watches[1]!.response.destroy()
    await until(() => watches.length === 3)
    assert.equal(heard.slice(4), ['gap', 'resumed'])
    assert.is(lists(), 2)
  }))

test.run()
