import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { changedValues } from '#weir/scenarios/actions/changed-values.ts'

test('each value of a patch, before and after', () => {
  const before = { spec: { replicas: 3, config: { data: 'x' }, ports: [1] } }
  const after = { spec: { replicas: 5, config: { data: 'x' }, ports: [2], image: 'emqx:5' } }
  const patch = { spec: { replicas: 5, ports: [2], image: 'emqx:5' } }
  assert.is(
    changedValues(patch, before, after),
    'spec.replicas 3 to 5, spec.ports [1] to [2], spec.image none to "emqx:5"',
  )
})

test('a key that is taken away, and what is secret', () => {
  assert.is(changedValues({ a: null }, { a: 1 }, {}), 'a 1 to none')
  const text = changedValues({ password: 'new' }, { password: 'old' }, { password: 'new' })
  assert.not.match(text, /old|new/)
})

test.run()
