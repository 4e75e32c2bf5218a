import * as assert from 'uvu/assert'
import { EmqxApiError } from '#weir/cluster/emqx/api-error.ts'
import { emqxV5 } from '#weir/cluster/emqx/v5.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { AccessFinder } from '#weir/cluster/routes/access.ts'
import { EndpointFinder } from '#weir/cluster/routes/endpoint-finder.ts'
import { PodHttp } from '#weir/cluster/routes/pod-http.ts'
import { RouteChoice } from '#weir/cluster/routes/route-choice.ts'
import { podOf, startHarness } from '../../testbed/apiserver/harness.ts'
import { type EmqxServer, serveEmqx } from './emqx-server.ts'

/** Where nobody listens, in place of an address of a pod network that leads nowhere from here. */
export const OUT_OF_REACH = '127.0.0.77'
const STATUS = { 'content-type': 'application/merge-patch+json' }

/** An API server with a pod at an address of this machine, and one out of reach. */
export async function podsBed() {
  const harness = await startHarness()
  for (const [name, podIP] of [
    ['one', '127.0.0.1'],
    ['gone', OUT_OF_REACH],
  ] as const) {
    await harness.ask('POST', '/api/v1/namespaces/default/pods', podOf(name, 'hollow'))
    await harness.ask(
      'PATCH',
      `/api/v1/namespaces/default/pods/${name}/status`,
      { status: { podIP } },
      STATUS,
    )
  }
  return harness
}

/** Ways to pods whose EMQX listens on `port`; all of one cluster. */
function cluster(port: number, over: KubeApi, password: string) {
  const dashboard = { ...emqxV5.listeners.dashboard, port }
  const api = { ...emqxV5, listeners: { dashboard, keys: dashboard } }
  const access = new AccessFinder(over, 'emqx', api, { username: 'admin', password })
  const choice = new RouteChoice()
  const endpoints = new EndpointFinder({
    kube: over,
    resource: async () => ({ metadata: { name: 'emqx' } }),
    apiBind: () => () => undefined,
    tls: undefined,
  })
  const opened: PodHttp[] = []
  return {
    choice,
    pod(name: string, ip: string, node?: string) {
      const pod = { name, ip, ...(node === undefined ? {} : { node }) }
      const http = new PodHttp(over, pod, { access, choice, endpoints })
      opened.push(http)
      return api.over(http)
    },
    close: () => opened.forEach((http) => void http.close()),
  }
}

/** Runs `act` beside an EMQX node, with the ways to it over an API server. */
export async function withEmqx(
  over: KubeApi,
  options: Parameters<typeof serveEmqx>[0],
  act: (emqx: EmqxServer, ways: ReturnType<typeof cluster>) => Promise<void>,
  password = 'secret',
): Promise<void> {
  const emqx = await serveEmqx(options)
  const ways = cluster(emqx.port, over, password)
  try {
    await act(emqx, ways)
  } finally {
    ways.close()
    await emqx.close()
  }
}

/** The error that a question ends with, which is one line without secrets. */
export const failure = (asking: Promise<unknown>): Promise<EmqxApiError> =>
  asking.then(
    () => assert.unreachable('an answer came') as never,
    (error: EmqxApiError) => {
      assert.instance(error, EmqxApiError)
      assert.not.match(error.message, /\n|secret/)
      return error
    },
  )
