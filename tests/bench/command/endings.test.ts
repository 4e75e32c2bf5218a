import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Ending, endingTodo, endingWords, whoseFault } from '#weir/bench/command/endings.ts'
import { CLIENT_EVENT_REASONS } from '#weir/facts/index.ts'

/** No end of anything, or nobody's failure. */
const NO_FAILURES: readonly string[] = ['', 'stopped', 'policy-exhausted']

const ending = (changes: Partial<Ending>): Ending => ({
  kind: 'failed',
  reason: 'closed',
  code: -1,
  count: 1,
  ...changes,
})

test('every way to fail has words of its own, and something to do about it', () => {
  const failures = CLIENT_EVENT_REASONS.filter((reason) => !NO_FAILURES.includes(reason))
  assert.ok(failures.length > 10)
  for (const reason of failures) {
    assert.is.not(endingWords(ending({ reason })), `failed: ${reason}`, reason)
    assert.ok(endingTodo(ending({ reason })).length > 10, reason)
  }
})

test('whose doing it is', () => {
  assert.is(whoseFault(ending({ reason: 'too-many-files' })), 'generator')
  assert.is(whoseFault(ending({ reason: 'address-unavailable' })), 'generator')
  assert.is(whoseFault(ending({ reason: 'unreachable' })), 'network')
  for (const reason of [
    'connection-refused',
    'reset',
    'connack',
    'connack-timeout',
    'connect-timeout',
    'protocol-error',
  ] as const)
    assert.is(whoseFault(ending({ reason })), 'broker', reason)
})

test('codes in words, of both versions, and what to change', () => {
  const refused = (code: number) => ending({ kind: 'refused', reason: 'connack', code })
  assert.is(endingWords(refused(0x86)), 'refused: CONNACK 0x86 bad user name or password')
  assert.is(endingWords(refused(4)), 'refused: CONNACK 0x04 bad user name or password')
  assert.is(endingWords(refused(0xc0)), 'refused: CONNACK 0xc0')
  assert.match(endingTodo(refused(0x86)), '--password')
  assert.match(endingTodo(refused(4)), 'WEIR_MQTT_PASSWORD')
  assert.match(endingTodo(refused(0x9c)), '--follow-server-reference')
})

test('codes of TLS and HTTP are not taken for MQTT’s', () => {
  const tls = ending({ reason: 'tls-refused', code: 116 })
  assert.is(endingWords(tls), 'failed: no TLS handshake (alert 116 certificate required)')
  assert.match(endingTodo(tls), '--cert')
  assert.is(endingWords(ending({ reason: 'tls-refused', code: 99 })), 'failed: no TLS handshake (alert 99)')
  assert.is(endingWords(ending({ reason: 'tls-refused' })), 'failed: no TLS handshake')
  const ws = ending({ reason: 'ws-refused', code: 401 })
  assert.is(endingWords(ws), 'failed: no WebSocket (HTTP 401)')
  assert.is(endingWords(ending({ reason: 'ws-refused' })), 'failed: no WebSocket (no HTTP)')
  assert.not.match(endingTodo(ending({ reason: 'ws-refused', code: 135 })), 'password')
})

test('how a broker broke the protocol', () => {
  const broke = (code: number) => ending({ kind: 'disconnected', reason: 'protocol-error', code })
  assert.is(endingWords(broke(0x81)), 'lost: it sent invalid MQTT')
  assert.is(endingWords(broke(-1)), 'lost: it sent invalid MQTT')
  assert.is(endingWords(broke(0x82)), 'lost: it violated the protocol')
  assert.is(endingWords(broke(0x93)), 'lost: it sent more than the receive maximum allows')
  assert.match(endingTodo(broke(0x94)), '--topic-alias-maximum')
  assert.match(endingTodo(broke(0x95)), '--maximum-packet-size')
  assert.is(whoseFault(broke(0x93)), 'broker')
  // Before a CONNACK something else may be listening there.
  assert.is(endingWords(ending({ reason: 'protocol-error', code: 0x82 })), 'failed: it sent invalid MQTT')
})

test('a connection that had been accepted gets other advice than one that was not', () => {
  const before = endingTodo(ending({ kind: 'failed', reason: 'closed' }))
  assert.match(before, /--protocol, --mqtt-version, the credentials and TLS.*PROXY protocol/)
  const after = endingTodo(ending({ kind: 'disconnected', reason: 'closed' }))
  for (const cause of ['same client id', 'use_username_as_clientid', 'idle limit', 'ACL'])
    assert.match(after, cause)
  for (const right of ['--protocol', '--mqtt-version', 'credentials', 'PROXY']) assert.not.match(after, right)
  assert.match(
    endingTodo(ending({ kind: 'disconnected', reason: 'disconnect-packet', code: 142 })),
    'use_username_as_clientid',
  )
  assert.not.match(endingTodo(ending({ kind: 'disconnected', reason: 'reset' })), '--protocol')
})

test('a DISCONNECT without a reason is not given one', () => {
  assert.is(
    endingWords(ending({ kind: 'disconnected', reason: 'disconnect-packet', code: 0 })),
    'lost: DISCONNECT',
  )
})

test.run()
