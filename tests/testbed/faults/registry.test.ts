import { readdirSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dialects } from '#weir/cluster/dialects/index.ts'
import type { Fault } from '#weir/testbed/faults/fault.ts'
import { FAULTS, type FaultName, makeFaults } from '#weir/testbed/faults/index.ts'

test('every file of the folder is a registered fault of the same name', () => {
  const files = readdirSync(new URL('../../../testbed/faults/', import.meta.url))
    .map((file) => file.replace(/\..*$/, ''))
    .filter((file) => file !== 'index' && file !== 'fault')
  assert.equal([...new Set(files)].sort(), FAULTS.map(({ name }): string => name).sort())
})

test('every fault does something, in the part that it names', () => {
  const HOOKS = {
    emqx: ['emqx'],
    operator: ['v1beta4', 'v2beta1'],
    controllers: ['endpoints'],
    proxy: ['proxy'],
    apiserver: ['apiserver'],
    host: ['host'],
  } as const
  for (const fault of FAULTS as readonly Fault[])
    for (const hook of HOOKS[fault.part]) {
      // A dialect on which it cannot happen has nothing that does it.
      const isForeign = hook in dialects && fault.dialects?.includes(hook) === false
      assert.is(fault[hook] !== undefined, !isForeign, `${fault.name}, ${hook}`)
    }
})

test('an unknown name is refused', () => {
  assert.throws(() => makeFaults(['rate-13', 'rate-14']), /unknown fault "rate-14"/)
  // @ts-expect-error a name that is none does not compile
  const wrong: FaultName = 'rate-14'
  assert.ok(wrong)
})

test('without faults every part is honest', () => {
  const { evictedPerTick, tickMs, deliveries } = makeFaults([]).emqx()
  assert.is(evictedPerTick(100, 1000), 100)
  assert.is(tickMs, 1000)
  assert.is(deliveries, undefined)
})

test('faults that are on at once act on each other', () => {
  const { evictedPerTick, tickMs } = makeFaults(['double-tick', 'rate-13', 'rate-ignored']).emqx()
  assert.is(evictedPerTick(10, 1000), 52)
  assert.is(tickMs, 500)
})

test('the state of a fault belongs to one cluster', () => {
  const faults = makeFaults(['refuse-some'])
  const node = { name: 'green-0', isNew: true } as Parameters<ReturnType<typeof faults.emqx>['refusal']>[0]
  const refusals = (hooks: ReturnType<typeof faults.emqx>, count: number) =>
    Array.from({ length: count }, () => hooks.refusal(node, 'client')).filter(
      (reason) => reason !== undefined,
    )
  const [one, other] = [faults.emqx(), faults.emqx()]
  assert.is(refusals(one, 4).length, 0)
  assert.is(refusals(other, 4).length, 0)
  assert.is(refusals(one, 1).length, 1)
})

test.run()
