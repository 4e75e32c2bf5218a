/** A kept connection that the server closes while it is idle costs no question, and an order is never sent twice. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'

const asked: string[] = []
let server: http.Server
let kube: KubeApi
const dir = mkdtempSync(join(tmpdir(), 'weir-kept-'))

test.before(async () => {
  // The second request on each connection finds it closed.
  const served = new WeakSet<object>()
  server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (served.has(request.socket)) {
      request.socket.resetAndDestroy()
      return
    }
    served.add(request.socket)
    response.setHeader('content-type', 'application/json')
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const file = join(dir, 'kubeconfig')
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'a', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } },
      ],
      users: [{ name: 'a', user: {} }],
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
      'current-context': 'a',
    }),
  )
  kube = createKubeApi({ kubeconfig: file })
})
test.after(async () => {
  kube.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(dir, { recursive: true })
})

test('a question is asked again on a new connection', async () => {
  assert.is((await kube.raw('GET', '/first')).status, 200)
  assert.is((await kube.raw('GET', '/second')).status, 200)
  assert.equal(asked, ['GET /first', 'GET /second', 'GET /second'])
})

test('an order is not', async () => {
  asked.length = 0
  let code: string | undefined
  await kube.raw('POST', '/order', {}).catch((error: NodeJS.ErrnoException) => {
    code = error.code
  })
  assert.is(code, 'ECONNRESET')
  assert.equal(asked, ['POST /order'])
})

test.run()
