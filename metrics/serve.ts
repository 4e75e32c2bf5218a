import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WeirError } from '#weir/errors/index.ts'
import { type Place, readPlace } from './place.ts'
import type { Exposition } from './text.ts'

export interface MetricsServer {
  url: string
  close(): Promise<void>
}

/** Serves /metrics. `place` is "[host:]port", "" for the default. Throws WEIR_USAGE and WEIR_ADDRESS_IN_USE. */
export async function serveMetrics(place: string, { contentType, text }: Exposition): Promise<MetricsServer> {
  const at = readPlace(place)
  const server = createServer((request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('see /metrics\n')
      return
    }
    text().then(
      (body) => response.writeHead(200, { 'content-type': contentType }).end(body),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.on('error', (cause) => reject(notServed(at, cause)))
    server.listen(at, resolve)
  })
  const { address, family, port } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/metrics`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function notServed({ host, port }: Place, cause: Error): WeirError {
  const { code = cause.message } = cause as NodeJS.ErrnoException
  return new WeirError(
    'WEIR_ADDRESS_IN_USE',
    `--prometheus cannot listen at ${host}:${port} (${code}): use another address with --prometheus HOST:PORT`,
    { cause },
  )
}
