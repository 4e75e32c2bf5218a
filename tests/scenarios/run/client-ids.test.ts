import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clientIdPattern, clientIdPrefix } from '#weir/scenarios/run/client-ids.ts'

test('a run has client ids of its own, short enough for every MQTT 3.1.1 server', () => {
  const prefixes = Array.from({ length: 1000 }, () => clientIdPrefix())
  assert.is(new Set(prefixes).size, prefixes.length)
  for (const prefix of prefixes) {
    assert.match(prefix, /^weir-[0-9a-z]{6}-$/)
    assert.ok(clientIdPattern(prefix).replace('%i', '9999999').length <= 23)
  }
  assert.is(
    clientIdPrefix(() => 35),
    'weir-00000z-',
  )
})

test.run()
