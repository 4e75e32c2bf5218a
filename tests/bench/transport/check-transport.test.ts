import { createPrivateKey } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkTransport } from '#weir/bench/transport/check-transport.ts'
import type { TransportSpec } from '#weir/bench/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import { Authority } from '../brokers/certificates.ts'

const authority = await Authority.create()
const { ca, cert, key } = await authority.issue('client')
const other = await authority.issue('other')
const encrypted = createPrivateKey(key).export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'secret',
}) as string
const damaged = cert.replace(/\n[^\n]{20}/, '\nAAAAAAAAAAAAAAAAAAAA')

const FINE: TransportSpec[] = [
  { protocol: 'mqtt' },
  { protocol: 'mqtts' },
  { protocol: 'mqtts', tls: { ca, cert, key, servername: 'broker.example', alpn: ['mqtt'], insecure: true } },
  { protocol: 'ws', webSocket: {} },
  {
    protocol: 'wss',
    tls: { ca: ca + ca },
    webSocket: { path: '/mqtt?token=a%20b', headers: { 'X-A': 'b c', host: 'x' } },
  },
]

test('what makes sense passes, and so does no transport at all', () => {
  checkTransport(undefined)
  for (const spec of FINE) checkTransport(spec)
})

const BAD: [spec: TransportSpec, words: string][] = [
  [{ protocol: 'mqtt', tls: {} }, 'tls belongs to mqtts and wss'],
  [{ protocol: 'ws', tls: { ca } }, 'tls belongs to mqtts and wss'],
  [{ protocol: 'mqtts', webSocket: {} }, 'webSocket belongs to ws and wss'],
  [{ protocol: 'mqtts', tls: { cert } }, 'give --key as well'],
  [{ protocol: 'mqtts', tls: { key } }, 'give --cert as well'],
  [{ protocol: 'mqtts', tls: { cert, key: other.key } }, 'does not belong to the certificate'],
  [{ protocol: 'mqtts', tls: { cert, key: encrypted } }, 'is encrypted'],
  [{ protocol: 'mqtts', tls: { cert: key, key } }, '(--cert) holds no certificate'],
  [{ protocol: 'mqtts', tls: { cert, key: cert } }, '(--key) holds no private key'],
  [{ protocol: 'wss', tls: { ca: 'nothing' } }, '(--ca) holds no certificate'],
  [{ protocol: 'mqtts', tls: { ca: damaged } }, '(--ca) holds a damaged certificate'],
  [{ protocol: 'mqtts', tls: { servername: '10.0.0.1' } }, '(--servername) is "10.0.0.1"'],
  [{ protocol: 'mqtts', tls: { servername: '' } }, 'must be a name'],
  [{ protocol: 'mqtts', tls: { alpn: [''] } }, '--alpn'],
  [{ protocol: 'ws', webSocket: { path: 'mqtt' } }, 'must begin with "/"'],
  [{ protocol: 'ws', webSocket: { path: '/a b' } }, '--path'],
  [{ protocol: 'ws', webSocket: { path: '/a\r\nX: y' } }, '--path'],
  [{ protocol: 'ws', webSocket: { headers: { 'a b': 'x' } } }, '"a b"'],
  [{ protocol: 'ws', webSocket: { headers: { Upgrade: 'x' } } }, 'belongs to the handshake'],
  [{ protocol: 'ws', webSocket: { headers: { 'sec-websocket-protocol': 'x' } } }, 'belongs to the handshake'],
  [
    { protocol: 'ws', webSocket: { headers: { Authorization: 'secret\r\nX: y' } } },
    'the value of Authorization',
  ],
]

for (const [i, [spec, words]] of BAD.entries())
  test(`WEIR_USAGE ${i + 1}: ${words}`, () => {
    try {
      checkTransport(spec)
    } catch (error) {
      assert.instance(error, WeirError)
      const { code, message } = error as WeirError
      assert.is(code, 'WEIR_USAGE')
      assert.match(message, words)
      assert.not.match(message, /secret|PRIVATE KEY-----\n/)
      return
    }
    assert.unreachable('it passed')
  })

test.run()
