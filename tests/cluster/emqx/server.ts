import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Answer {
  status?: number
  body: string
  /** Milliseconds to wait first; Infinity never answers. */
  afterMs?: number
}

/** A node's HTTP listener with canned answers by path (query included, then without). */
export async function serve(
  answers: Record<string, Answer | ((path: string) => Answer)>,
): Promise<{ port: number; requests: { path: string; authorization?: string }[]; close(): Promise<void> }> {
  const requests: { path: string; authorization?: string }[] = []
  const server: Server = createServer((req, res) => {
    const path = req.url ?? ''
    const { authorization } = req.headers
    requests.push({ path, ...(authorization === undefined ? {} : { authorization }) })
    const found = answers[path] ?? answers[path.split('?')[0]!]
    const answer = typeof found === 'function' ? found(path) : (found ?? { status: 404, body: 'Not found.' })
    if (answer.afterMs === Number.POSITIVE_INFINITY) return
    setTimeout(() => {
      res.writeHead(answer.status ?? 200)
      res.end(answer.body)
    }, answer.afterMs ?? 0)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
