import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as assert from 'uvu/assert'
import { FleetPodHttp, TOKEN_HEADER } from '#weir/cluster/fleet-job/pod-http.ts'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import type { Cases } from '../world.ts'
import { NODE, podSpec } from './pods.ts'

/** Where nothing listens: the client takes the other way. */
const NOWHERE = '127.255.255.254'

/** Addresses that a pod may have: a real server's proxy leads to no loopback address. */
const addressFor = (url: string) => (new URL(url).hostname.startsWith('127.') ? '127.63.0.9' : '10.244.1.250')

/** What weir sends to the pods of a fleet, where it cannot reach them itself. */
export const podProxyCases: Cases = {
  'a request of any method goes through the proxy to a pod, with its bytes and headers, and so does the answer':
    async (world) => {
      const ip = addressFor(world.server.url)
      const seen: unknown[] = []
      const body = Buffer.from([0, 255, 10, 13, 128, 0])
      const pod = createServer(async (request, response) => {
        const chunks: Buffer[] = []
        for await (const chunk of request) chunks.push(chunk as Buffer)
        const { method, url, headers } = request
        seen.push([method, url, headers[TOKEN_HEADER], headers.authorization, Buffer.concat(chunks)])
        response.writeHead(200, { 'content-type': 'application/octet-stream', 'x-weir-last': '7' }).end(body)
      })
      await new Promise<void>((resolve) => pod.listen(0, ip, resolve))
      const { port } = pod.address() as AddressInfo
      const kube = createKubeApi({ kubeconfig: world.server.kubeconfig })
      const http = new FleetPodHttp(
        kube,
        world.namespace,
        { name: 'one', ip: NOWHERE },
        { token: 'secret', port },
      )
      try {
        await world.create('pods', { metadata: { name: 'one' }, spec: podSpec() })
        const binding = { metadata: { name: 'one' }, target: { apiVersion: 'v1', kind: 'Node', name: NODE } }
        await world.ask('POST', `${world.path('pods', 'one')}/binding`, binding)
        const status = { phase: 'Running', podIP: ip, podIPs: [{ ip }] }
        await world.patch(`${world.path('pods', 'one')}/status`, { status })
        const answer = await http.request('POST', '/orders?a=b', { body, timeoutMs: 10_000 })
        assert.is(http.route, 'api-server')
        assert.is(answer.headers['x-weir-last'], '7')
        assert.equal([...answer.body], [...body])
        assert.equal(seen, [
          ['GET', '/hello', 'secret', undefined, Buffer.alloc(0)],
          ['POST', '/orders?a=b', 'secret', undefined, body],
        ])
        pod.closeAllConnections()
        await new Promise((resolve) => pod.close(resolve))
        const gone = await http.request('GET', '/news', { timeoutMs: 10_000 }).catch((error: Error) => error)
        assert.match((gone as Error).message, /fleet pod one: 50\d .*error trying to reach service/)
      } finally {
        http.close()
        kube.close()
        pod.close()
      }
    },
}
