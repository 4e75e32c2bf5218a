/** EMQX's HTTP API by TLS: who is believed, directly and through a tunnel. */
import { createServer as createPlain } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, connect, type Server } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EmqxApiError } from '#weir/cluster/emqx/api-error.ts'
import { type EmqxHttpOptions, emqxHttp } from '#weir/cluster/emqx/http.ts'
import { selfSigned } from '#weir/testbed/tls/certificate.ts'

const { key, certificate } = selfSigned('emqx.example')
const secure = createServer({ key, cert: certificate }, (_, response) => response.end('by TLS'))
const plain = createPlain((_, response) => response.end('plain'))
const listening = (server: Server) =>
  new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  )
const ports = { secure: await listening(secure), plain: await listening(plain) }
test.after(() => {
  for (const server of [secure, plain]) {
    server.closeAllConnections()
    server.close()
  }
})

async function asked(port: number, options: Partial<EmqxHttpOptions>): Promise<string> {
  const http = emqxHttp({ host: '127.0.0.1', port, timeoutMs: 3000, ...options })
  try {
    return (await http.get('/status')).text
  } catch (error) {
    assert.instance(error, EmqxApiError)
    return (error as EmqxApiError).message.replace(/^GET \S+: /, '')
  } finally {
    http.close()
  }
}

for (const [way, open] of [
  ['directly', undefined],
  ['through a tunnel', async () => connect(ports.secure, '127.0.0.1')],
] as const) {
  test(`${way}: the authority that is named vouches for the certificate, whatever its name`, async () => {
    assert.is(await asked(ports.secure, { scheme: 'https', tls: { ca: certificate }, open }), 'by TLS')
  })

  test(`${way}: any certificate where that is asked for`, async () => {
    assert.is(await asked(ports.secure, { scheme: 'https', tls: { insecure: true }, open }), 'by TLS')
  })

  test(`${way}: an unknown certificate is refused, with what to do`, async () => {
    const other = selfSigned('other.example').certificate
    for (const tls of [undefined, { ca: other }])
      assert.match(
        await asked(ports.secure, { scheme: 'https', tls, open }),
        /^its certificate is not trusted \(\w+\): name the file of its authority with --emqx-ca, or accept any with --emqx-insecure$/,
      )
  })
}

test('TLS to a plain listener, and plain to one that speaks TLS, are said', async () => {
  assert.is(await asked(ports.plain, { scheme: 'https', tls: { insecure: true } }), 'it does not speak TLS')
  assert.match(await asked(ports.secure, {}), /it does not speak HTTP, perhaps TLS|ECONNRESET/)
})

test.run()
