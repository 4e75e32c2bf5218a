import { once } from 'node:events'
import type { Server } from 'node:https'
import { createServer } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { serveKubelet } from '#weir/testbed/kubelet/server.ts'
import { selfSigned } from '#weir/testbed/tls/certificate.ts'

const HOST = `127.61.${process.pid % 250}.1`
const own = selfSigned(HOST)
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'one', namespace: 'default', uid: 'u' },
  status: { podIP: HOST },
} as Pod

let server: Server
let port: number
test.before(async () => {
  const free = createServer().listen(0, HOST)
  await once(free, 'listening')
  port = (free.address() as { port: number }).port
  free.close()
  server = await serveKubelet(
    { host: HOST, port, ...own },
    {
      podOf: (namespace, name) => (namespace === 'default' && name === 'one' ? pod : undefined),
      logOf: () => undefined,
    },
  )
})
test.after(() => {
  server.closeAllConnections()
  server.close()
})

/** What an upgrade of this path is answered with, up to the end of its head. */
async function upgraded(path: string, tls: { key?: string; certificate?: string } = own): Promise<string> {
  const socket = connect({ host: HOST, port, ca: own.certificate, key: tls.key, cert: tls.certificate })
  try {
    await once(socket, 'secureConnect')
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: kubelet\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: portforward.k8s.io\r\n\r\n`,
    )
    return await headOf(socket)
  } finally {
    socket.destroy()
  }
}

async function headOf(socket: TLSSocket): Promise<string> {
  let text = ''
  for await (const bytes of socket) {
    text += bytes
    if (text.includes('\r\n\r\n')) break
  }
  return text
}

for (const path of ['/portForward/default/one', '/portForward/default/one/u?timeout=30s'])
  test(`the API server forwards a port by ${path}`, async () => {
    const answer = await upgraded(path)
    assert.match(answer, /^HTTP\/1\.1 101 /)
    assert.match(answer, /X-Stream-Protocol-Version: portforward\.k8s\.io/)
  })

test('a pod that is not here, and a path of another kind, are not found', async () => {
  assert.match(await upgraded('/portForward/default/two'), /^HTTP\/1\.1 404 .*pods \\"two\\" not found/s)
  assert.match(await upgraded('/exec/default/one/emqx'), /^HTTP\/1\.1 404 /)
})

test('who has another certificate, or none, is not heard', async () => {
  for (const tls of [{}, selfSigned(HOST)]) {
    const answer = await upgraded('/portForward/default/one', tls).catch((error: Error) => error.message)
    assert.not.match(answer, /101/)
  }
})

test.run()
