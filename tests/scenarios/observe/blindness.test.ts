import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Blindness } from '#weir/scenarios/observe/blindness.ts'

const at = (seconds: number) => seconds * 1e9

test('a watch that stays blind is lost after a while, one that recovers is not', () => {
  const blindness = new Blindness()
  blindness.gap('begin', 'StatefulSet', 'broke off', at(10))
  blindness.gap('begin', 'Pod', 'aborted', at(11))
  blindness.gap('goes-on', 'Pod', 'pods is forbidden', at(12))
  assert.is(blindness.lost(at(54)), undefined)
  blindness.gap('end', 'StatefulSet', 'broke off', at(54))
  assert.is(blindness.lost(at(55)), undefined)
  assert.is(blindness.lost(at(56)), 'no news of any Pod for 45 s: pods is forbidden')
  blindness.gap('end', 'Pod', 'pods is forbidden', at(57))
  assert.is(blindness.lost(at(600)), undefined)
})

test('nobody waits for Events', () => {
  const blindness = new Blindness()
  blindness.gap('begin', 'Event', 'events is forbidden', at(1))
  assert.is(blindness.lost(at(600)), undefined)
})

test.run()
