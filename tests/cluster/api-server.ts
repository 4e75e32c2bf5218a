import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Answer } from './emqx/server.ts'

export interface CannedServer {
  kube: KubeApi
  kubeconfig: string
  /** Method, path without query, and body of each request. */
  requests: { method: string; path: string; body: string; isDryRun?: true }[]
}

export type Answers = Record<
  string,
  Answer | ((body: string, url: string, headers: IncomingHttpHeaders) => Answer)
>

/** A Kubernetes Status, as an API server refuses with. */
export const refusal = (code: number, reason: string, message: string): Answer => ({
  status: code,
  body: JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message }),
})

export const listOf = (...items: object[]): Answer => ({
  body: JSON.stringify({ kind: 'List', metadata: { resourceVersion: '1' }, items }),
})

/** An API server of canned answers by path without query; what it does not know it does not find. */
export async function apiServer<T>(answers: Answers, run: (server: CannedServer) => Promise<T>): Promise<T> {
  const requests: CannedServer['requests'] = []
  const server = createServer((req, res) => {
    const path = (req.url ?? '').split('?')[0]!
    let body = ''
    req.setEncoding('utf8')
    req.on('data', (chunk: string) => {
      body += chunk
    })
    req.on('end', () => {
      const isDryRun = /[?&]dryRun=All(&|$)/.test(req.url ?? '')
      requests.push({ method: req.method ?? '', path, body, ...(isDryRun && { isDryRun }) })
      const found = answers[path]
      const answer =
        typeof found === 'function'
          ? found(body, req.url ?? '', req.headers)
          : (found ?? refusal(404, 'NotFound', `${path} not found`))
      if (answer.afterMs === Number.POSITIVE_INFINITY) return
      res.writeHead(answer.status ?? 200, { 'content-type': 'application/json' })
      res.end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const dir = mkdtempSync(join(tmpdir(), 'weir-canned-'))
  const kubeconfig = join(dir, 'kubeconfig')
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [
      {
        name: 'k',
        cluster: {
          server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          'insecure-skip-tls-verify': true,
        },
      },
    ],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', namespace: 'space' } }],
  }
  writeFileSync(kubeconfig, JSON.stringify(config))
  const kube = createKubeApi({ kubeconfig })
  try {
    return await run({ kube, kubeconfig, requests })
  } finally {
    kube.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    rmSync(dir, { recursive: true })
  }
}
