import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { failureCode, failureReason } from '#weir/bench/engine/failure-reason.ts'
import { WebSocketBroken, WebSocketRefused } from '#weir/bench/transport/websocket/errors.ts'

const TABLE: [string, string, string][] = [
  // code, while connecting, on a standing connection
  ['ECONNREFUSED', 'connection-refused', 'connection-refused'],
  ['ETIMEDOUT', 'connect-timeout', 'unreachable'],
  ['EMFILE', 'too-many-files', 'too-many-files'],
  ['ENFILE', 'too-many-files', 'too-many-files'],
  ['EADDRNOTAVAIL', 'address-unavailable', 'address-unavailable'],
  ['EADDRINUSE', 'address-unavailable', 'address-unavailable'],
  ['ECONNRESET', 'reset', 'reset'],
  ['EPIPE', 'reset', 'reset'],
  ['EHOSTUNREACH', 'unreachable', 'unreachable'],
  ['ENETUNREACH', 'unreachable', 'unreachable'],
  ['ESOMETHINGNEW', 'unreachable', 'unreachable'],
]

for (const [code, connecting, standing] of TABLE)
  test(`${code}: ${connecting}${connecting === standing ? '' : `, ${standing} later`}`, () => {
    const error = Object.assign(new Error(code), { code })
    assert.is(failureReason(error, true), connecting)
    assert.is(failureReason(error, false), standing)
  })

test('a refused WebSocket has its HTTP status, a broken one is a protocol error', () => {
  const refused = new WebSocketRefused(404, 'Not Found')
  assert.is(failureReason(refused, true), 'ws-refused')
  assert.is(failureCode(refused), 404)
  assert.is(failureReason(new WebSocketBroken('a text frame'), false), 'protocol-error')
  assert.is(failureCode(new WebSocketBroken('a text frame')), -1)
})

test('TLS: whose fault it is, and the alert where the server sent one', () => {
  const TLS: [code: string, reason: string, alert: number][] = [
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate-untrusted', -1],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate-untrusted', -1],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate-untrusted', -1],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate-untrusted', -1],
    ['CERT_REVOKED', 'certificate-untrusted', -1],
    ['CERT_HAS_EXPIRED', 'certificate-expired', -1],
    ['CERT_NOT_YET_VALID', 'certificate-expired', -1],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-name', -1],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls-refused', -1],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls-refused', 116],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tls-refused', 48],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'tls-refused', 40],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls-refused', 70],
    ['ECONNRESET', 'reset', -1],
  ]
  for (const [code, reason, alert] of TLS) {
    const error = Object.assign(new Error(code), { code })
    assert.is(failureReason(error, true), reason, code)
    assert.is(failureCode(error), alert, code)
  }
})

test.run()
