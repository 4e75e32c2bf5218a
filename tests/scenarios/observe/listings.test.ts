import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cr, fakeRun, pod } from '../fake-run.ts'

const ANSWER = { connected: ['dev-1', 'dev-10', 'dev-2'], detached: ['dev-3', 'dev-30'], complete: true }

test('where the user chose the ids, clients of others that begin the same are not recorded', async () => {
  const asked: string[] = []
  const run = fakeRun({
    emqx: () => ({
      clients: async (_node, prefix) => {
        asked.push(prefix)
        return ANSWER
      },
    }),
  })
  run.observe(cr(true), pod('emqx-ee-0'))
  Object.assign(run, { clientIdPrefix: 'dev-', chosenIds: new Set(['dev-1', 'dev-2', 'dev-3']) })
  run.listings.start(run)
  run.listings.locate(run)
  await run.listings.all()
  await run.listings.stop()
  assert.ok(asked.every((prefix) => prefix === 'dev-') && asked.length > 0)
  const [listing] = run.of('listing')
  assert.equal([listing?.connected, listing?.detached], [['dev-1', 'dev-2'], ['dev-3']])
  assert.equal([...run.listings.located], ['dev-1', 'dev-2'])
})

test.run()
