import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { failureReason } from '#weir/bench/engine/failure-reason.ts'

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

test.run()
