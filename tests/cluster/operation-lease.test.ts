import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { refuseWhileHeld } from '#weir/cluster/index.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'

const WANTED = { namespace: 'default', name: 'emqx', what: 'EMQX default/emqx', id: 'upgrade-2' }

/** What is said of a Lease that was renewed so many seconds ago. */
async function saidOf(get: KubeApi['get']): Promise<string | undefined> {
  const asked: unknown[] = []
  const kube = {
    get: (...args: Parameters<KubeApi['get']>) => {
      asked.push(args.slice(1))
      return get(...args)
    },
  } as KubeApi
  const said = await refuseWhileHeld(kube, WANTED).then(() => undefined, messageOf)
  assert.equal(asked, [['default', 'weir-ops-emqx']])
  return said
}
const lease = (agoSeconds: number) => async () =>
  ({
    spec: {
      holderIdentity: 'scale-1',
      leaseDurationSeconds: 60,
      acquireTime: '2026-01-02T03:04:05.000000Z',
      renewTime: new Date(Date.now() - agoSeconds * 1000).toISOString(),
    },
  }) as never

test('an operation that holds the Lease is named, by its id and since when', async () => {
  assert.is(
    await saidOf(lease(5)),
    'EMQX default/emqx is left as it is (rule one-at-a-time): scale-1 is under way since 2026-01-02T03:04:05.000000Z, so upgrade-2 may not begin',
  )
})

test('one whose weir was killed is none, and neither is one that names nobody, or may not be read', async () => {
  assert.is(await saidOf(async () => ({ spec: {} }) as never), undefined)
  assert.is(await saidOf(lease(300)), undefined)
  assert.is(await saidOf(() => Promise.reject(new Error('forbidden'))), undefined)
})

test.run()
