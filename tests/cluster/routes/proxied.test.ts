import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EmqxApiError } from '#weir/cluster/emqx/api-error.ts'
import { emqxV5 } from '#weir/cluster/emqx/v5.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { proxiedHttp } from '#weir/cluster/routes/proxied.ts'
import { apiServer } from '../api-server.ts'
import type { Answer } from '../emqx/server.ts'

const BASE = '/api/v1/namespaces/space/pods/one:18083/proxy'
const CHECK = '/api/v5/load_rebalance/availability_check'

const throughProxy = (kube: KubeApi, timeoutMs: number) =>
  emqxV5.over({
    ...proxiedHttp(kube, 'one', { scheme: 'http', port: 18083 }, timeoutMs),
    send: () => Promise.reject(new Error('the proxy removes credentials, so nothing is changed through it')),
  })

const asked = <T>(answer: Answer, ask: (api: ReturnType<typeof emqxV5.over>, kube: KubeApi) => Promise<T>) =>
  apiServer({ [BASE + CHECK]: answer }, ({ kube }) => ask(throughProxy(kube, 2000), kube))

const failure = async (answer: Answer): Promise<EmqxApiError> => {
  const error = await asked(answer, (api) => api.availability().catch((e: unknown) => e))
  assert.instance(error, EmqxApiError)
  return error as EmqxApiError
}

const status = (code: number, reason: string, message: string) =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code })

test('what EMQX answers is EMQX’s, also 503', async () => {
  assert.is(await asked({ body: '{}' }, (api) => api.availability()), 200)
  const evacuating = { status: 503, body: '{"code":"NODE_EVACUATING","message":"Node Evacuating"}' }
  assert.is(await asked(evacuating, (api) => api.availability()), 503)
})

test('what the proxy says of a pod that does not answer is not', async () => {
  const message = 'error trying to reach service: dial tcp 10.0.0.1:18083: connect: connection refused'
  const refused = await failure({ status: 503, body: status(503, 'ServiceUnavailable', message) })
  assert.is(refused.status, undefined)
  assert.match(refused.message, /pod one through the API server: 503: error trying to reach service/)
  const plain = await failure({ status: 502, body: message })
  assert.is(plain.status, undefined)
  assert.match(plain.message, /502: error trying to reach service/)
})

test('nor what the API server says of the user', async () => {
  const forbidden = await failure({
    status: 403,
    body: status(403, 'Forbidden', 'pods "one:18083" is forbidden: cannot get resource "pods/proxy"'),
  })
  assert.is(forbidden.status, undefined)
  assert.match(forbidden.message, /403: pods "one:18083" is forbidden/)
})

test('a 503 that says nothing of an evacuation is no evacuation, whoever sent it', async () => {
  const error = await failure({ status: 503, body: '<html>Service Unavailable</html>' })
  assert.is(error.status, 503)
  assert.match(error.message, /HTTP 503/)
})

test('no answer in time', async () => {
  const error = await apiServer(
    { [BASE + CHECK]: { body: '', afterMs: Number.POSITIVE_INFINITY } },
    ({ kube }) =>
      throughProxy(kube, 50)
        .availability()
        .catch((e: unknown) => e),
  )
  assert.instance(error, EmqxApiError)
  assert.match((error as Error).message, /no answer within 50 ms/)
})

test.run()
