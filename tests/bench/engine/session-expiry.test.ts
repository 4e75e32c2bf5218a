import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sessionExpirySeconds } from '#weir/bench/engine/session-expiry.ts'

test('a session lasts as long as its group says, else two hours where it is kept', () => {
  assert.is(sessionExpirySeconds({ persistent: true }), 7200)
  assert.is(sessionExpirySeconds({ persistent: false }), 0)
  for (const persistent of [true, false])
    assert.is(sessionExpirySeconds({ persistent, sessionExpirySeconds: 60 }), 60)
  assert.is(sessionExpirySeconds({ persistent: true, sessionExpirySeconds: 0 }), 0)
})

test.run()
