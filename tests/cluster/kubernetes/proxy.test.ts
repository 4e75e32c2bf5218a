/** The kubeconfig's proxy-url: HTTP and SOCKS5, and one that refuses. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { asClusterError, isNoAnswer } from '#weir/cluster/failure.ts'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-proxy-'))
const servers: Server[] = []
test.after(() => {
  for (const server of servers) server.close()
  rmSync(dir, { recursive: true })
})

function listening(server: Server): Promise<number> {
  servers.push(server)
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  )
}

const api = await listening(
  createHttp((request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ of: request.url })),
  ),
)

let tunnels = 0
function tunnel(client: Socket, greeting: Buffer | string): void {
  tunnels++
  const server = connect(api, '127.0.0.1', () => client.write(greeting))
  client.pipe(server).pipe(client)
  for (const socket of [client, server]) socket.on('error', () => {})
}

/** CONNECT, for which the name of the server need not be known here. */
const http = createHttp((_, response) => response.writeHead(400).end())
http.on('connect', (_request, socket) => tunnel(socket as Socket, 'HTTP/1.1 200 OK\r\n\r\n'))
const refusing = createHttp((_, response) => response.writeHead(400).end())
refusing.on('connect', (_request, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
/** SOCKS5 without authentication (RFC 1928). */
const socks = createServer((socket) => {
  socket.once('data', () => {
    socket.write(Buffer.from([5, 0]))
    socket.once('data', () => tunnel(socket, Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])))
  })
})

function kubeWith(proxyUrl: string) {
  const kubeconfig = join(dir, `${proxyUrl.replaceAll(/\W/g, '-')}.json`)
  const cluster = { server: 'http://api.nowhere.invalid:6443', 'proxy-url': proxyUrl }
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      'current-context': 'c',
      clusters: [{ name: 'k', cluster }],
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
      users: [{ name: 'u', user: { as: 'someone' } }],
    }),
  )
  return createKubeApi({ kubeconfig })
}

for (const [scheme, server] of [
  ['http', http],
  ['socks5h', socks],
] as const)
  test(`requests go through a proxy of ${scheme}`, async () => {
    const kube = kubeWith(`${scheme}://127.0.0.1:${await listening(server)}`)
    const before = tunnels
    try {
      assert.equal(await kube.raw('GET', '/version'), { status: 200, body: { of: '/version' } })
      assert.ok(tunnels > before)
    } finally {
      kube.close()
    }
  })

test('a proxy that refuses is named as what is at fault', async () => {
  const kube = kubeWith(`http://127.0.0.1:${await listening(refusing)}`)
  try {
    const error = await kube.raw('GET', '/version').then(
      () => assert.unreachable() as never,
      (thrown: unknown) => thrown,
    )
    assert.ok(isNoAnswer(error))
    assert.match(
      asClusterError(error, kube.server, 'read /version').message,
      /^the API server http:\/\/api\.nowhere\.invalid:6443 does not answer \(the proxy of the kubeconfig: .*407/,
    )
  } finally {
    kube.close()
  }
})

test.run()
