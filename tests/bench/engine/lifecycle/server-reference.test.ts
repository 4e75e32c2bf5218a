import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseServerReference, targetName } from '#weir/bench/engine/lifecycle/targets.ts'

test('the forms of a Server Reference (MQTT 5 §4.11)', () => {
  for (const [text, targets] of [
    ['myserver.xyz.org', ['myserver.xyz.org:1883']],
    ['myserver.xyz.org:8883', ['myserver.xyz.org:8883']],
    ['10.10.151.22:8883 [fe80::9610:3eff:fe1c]:1884', ['10.10.151.22:8883', '[fe80::9610:3eff:fe1c]:1884']],
    ['[::1]', ['[::1]:1883']],
    ['::1', ['[::1]:1883']],
    ['a  b ', ['a:1883', 'b:1883']],
    ['', []],
    [' ', []],
    ['a:0 a:65536 a:1883x a: :1883 [a [b]x a:b:c', []],
    ['a:99999 b', ['b:1883']],
  ] as const)
    assert.equal(parseServerReference(text, 1883).map(targetName), targets, text)
})

test.run()
