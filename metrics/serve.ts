import { createServer } from 'node:http'
import { listenAt } from './listen.ts'
import { readPlace } from './place.ts'
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
  const { origin, close } = await listenAt(server, at, '--prometheus HOST:PORT')
  return { url: `${origin}/metrics`, close }
}
