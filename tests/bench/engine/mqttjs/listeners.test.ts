import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { errorNumber, errorReason } from '#weir/bench/engine/mqttjs/listeners.ts'

const withCode = (code: unknown) => Object.assign(new Error('x'), { code })

test('errors of the socket are told as in the other engine', () => {
  assert.is(errorReason(withCode('ECONNREFUSED'), true), 'connection-refused')
  assert.is(errorReason(withCode('ETIMEDOUT'), true), 'connect-timeout')
  assert.is(errorReason(withCode('ECONNRESET'), false), 'reset')
  assert.is(errorReason(withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), true), 'certificate-untrusted')
})

test('what the package finds wrong with packets is a protocol error, by number or without', () => {
  assert.is(errorReason(withCode(0x95), false), 'protocol-error')
  assert.is(errorReason(new Error('Invalid length'), false), 'protocol-error')
  assert.is(errorNumber(withCode(0x95)), -1)
})

test('its keep-alive, and a WebSocket that is refused, by their words', () => {
  assert.is(errorReason(new Error('Keepalive timeout'), false), 'keepalive-timeout')
  const refused = new Error('Unexpected server response: 404')
  assert.is(errorReason(refused, true), 'ws-refused')
  assert.is(errorNumber(refused), 404)
  assert.is(errorNumber(new Error('Invalid length')), -1)
})

test.run()
