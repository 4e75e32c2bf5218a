import http, { type Server } from 'node:http'

/**
 * A pod's own server: /echo/… sends back the request, /status/<code> answers with that, /break hangs up, and others say
 * "pod".
 */
export async function startPodServer(host: string): Promise<{ server: Server; port: number }> {
  const server = http.createServer((request, response) => {
    const [, first, second] = (request.url ?? '').split('/')
    if (first === 'break') return request.socket.destroy()
    if (first === 'status') {
      response.writeHead(Number(second), { 'content-type': 'application/json' })
      return response.end('{"own":"answer"}')
    }
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const { method, url, headers } = request
      response.setHeader('content-type', 'application/json')
      response.end(first === 'echo' ? JSON.stringify({ method, url, headers, body }) : '"pod"')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no address')
  return { server, port: address.port }
}
