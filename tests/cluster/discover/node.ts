import { createServer } from 'node:http'

/** An EMQX 5 node with canned bodies by path, for `emqx-operator-controller` with the password and nobody else. */
export async function serveNode(
  host: string,
  answers: Record<string, string>,
  { password, closedMetrics }: { password: string; closedMetrics: boolean },
): Promise<{ close(): Promise<void> }> {
  const known = `Basic ${Buffer.from(`emqx-operator-controller:${password}`).toString('base64')}`
  const server = createServer((req, res) => {
    const path = (req.url ?? '').split('?')[0]!
    const open = path === '/status' || (path.startsWith('/api/v5/prometheus') && !closedMetrics)
    if (!open && req.headers.authorization !== known) {
      res.writeHead(401)
      res.end('{"code":"BAD_API_KEY_OR_SECRET"}')
    } else if (path === '/status') res.end('emqx is running')
    else {
      res.writeHead(answers[path] === undefined ? 404 : 200)
      res.end(answers[path])
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(18083, host, resolve)
  })
  return {
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
