import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Harness } from '../../testbed/apiserver/harness.ts'
import { serveAlways } from './emqx-server.ts'
import { failure, podsBed, withEmqx } from './ways.ts'

let harness: Harness
let kube: KubeApi

test.before(async () => {
  harness = await podsBed()
  kube = harness.kube
})
test.after(async () => {
  await harness.close()
})

for (const [status, body] of [
  [404, 'default backend - 404'],
  [404, '<html><h1>404 Not Found</h1></html>'],
  [404, ''],
  [502, 'Bad Gateway'],
  [200, '<html>welcome</html>'],
] as const)
  test(`a gateway that answers ${status} "${body}" at the address is no EMQX: the other way is taken`, () =>
    withEmqx(kube, { node: 'emqx@right' }, async ({ port }, { choice, pod }) => {
      const gateway = await serveAlways(status, body, { host: '127.0.0.2', port })
      try {
        assert.is((await pod('one', '127.0.0.2').metrics()).status, 200)
        assert.is(choice.route, 'api-server')
      } finally {
        await gateway.close()
      }
    }))

test('where nobody answers as EMQX does, what answered is said', () =>
  withEmqx(kube, {}, async ({ port }, { pod }) => {
    const gateway = await serveAlways(404, 'none', { host: '127.0.0.2', port })
    try {
      const { message } = await failure(pod('gone', '127.0.0.2').metrics())
      assert.match(
        message,
        /pod gone answers neither at 127\.0\.0\.2:\d+ \(HTTP 404, not as EMQX answers\) nor through/,
      )
    } finally {
      await gateway.close()
    }
  }))

for (const body of ['Not found.', '{"code":"NOT_FOUND","message":"no such path"}'])
  test(`EMQX's own 404 is one: ${body}`, async () => {
    await withEmqx(kube, {}, async ({ port }, { choice, pod }) => {
      const server = await serveAlways(404, body, { host: '127.0.0.3', port })
      try {
        await failure(pod('one', '127.0.0.3').about())
        assert.is(choice.route, 'pods')
      } finally {
        await server.close()
      }
    })
  })

test.run()
