import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { type ApiServer, type ApiServerOptions, startApiServer } from '#weir/testbed/apiserver/index.ts'

export const TOKEN = 'a-token'

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: answers are foreign JSON that the tests pick apart.
  body: any
}

export interface Harness {
  server: ApiServer
  kube: KubeApi
  kubeconfigPath: string
  errors: unknown[]
  /** A request as curl would send it; objects are sent as JSON. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  close(): Promise<void>
}

/** An API server of the test's own, with a client that speaks plain HTTP. */
export async function startHarness(options: Partial<ApiServerOptions> = {}): Promise<Harness> {
  const errors: unknown[] = []
  const server = await startApiServer({
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    clusterIpPrefix: '127.3.7.',
    onError: (error) => errors.push(error),
    ...options,
  })
  const dir = mkdtempSync(join(tmpdir(), 'weir-apiserver-'))
  const kubeconfigPath = join(dir, 'kubeconfig')
  writeFileSync(kubeconfigPath, server.kubeconfig)
  const kube = createKubeApi({ kubeconfig: kubeconfigPath })
  return {
    server,
    kube,
    kubeconfigPath,
    errors,
    async ask(method, path, body, headers = {}) {
      const response = await fetch(server.url + path, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.includes('json')
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
    },
    async close() {
      kube.close()
      await server.close()
      rmSync(dir, { recursive: true })
    },
  }
}

/** The API server of the test that runs. */
export let harness: Harness

/** Gives each test an API server of its own, in which nothing may go wrong unnoticed. */
export function withHarness(test: Test, options: Partial<ApiServerOptions> = {}): void {
  test.before.each(async () => {
    harness = await startHarness(options)
  })
  test.after.each(async () => {
    await harness.close()
    assert.equal(harness.errors, [])
  })
}

/** Waits until the probe gives something, for as long as the slowest machine may take. */
export async function eventually<T>(
  probe: () => Promise<T | undefined> | T | undefined,
  what: string,
): Promise<T> {
  const endMs = Date.now() + 30_000
  for (;;) {
    const found = await probe()
    if (found !== undefined) return found
    if (Date.now() > endMs) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Events of a watch, parsed, until the stream is left or ends. */
export async function* watchLines(
  harness: Harness,
  path: string,
  headers: Record<string, string> = {},
): AsyncGenerator<{ type: string; object: Answer['body'] }> {
  const response = await fetch(harness.server.url + path, {
    headers: { authorization: `Bearer ${TOKEN}`, ...headers },
  })
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body!) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true })
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end)
      rest = rest.slice(end + 1)
      yield JSON.parse(line)
    }
  }
}

export const configMap = (
  name: string,
  data: Record<string, string> = {},
  labels?: Record<string, string>,
) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(labels && { labels }) },
  data,
})

export const podOf = (name: string, nodeName?: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'main', image: 'emqx/emqx-ee:4.4.14' }], ...(nodeName && { nodeName }) },
})
