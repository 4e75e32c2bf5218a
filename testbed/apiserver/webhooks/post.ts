import http from 'node:http'
import https from 'node:https'
import type { V1ValidatingWebhook } from '@kubernetes/client-node'
import type { Store } from '../store.ts'
import { resolveService } from './resolve-service.ts'

/** Where a webhook is: a URL, or a Service of this cluster. */
export type ClientConfig = V1ValidatingWebhook['clientConfig']

/**
 * POSTs a review to a webhook and returns its whole answer. Plain http is taken for this machine only; https is checked
 * against the caBundle. Throws an Error with the reason, in the words of the real server.
 */
export async function postToWebhook(
  store: Store,
  { url: address, service, caBundle }: ClientConfig,
  review: unknown,
  timeoutSeconds: number,
): Promise<unknown> {
  const { named, connectTo } = service
    ? resolveService(store, service)
    : { named: address ?? '', connectTo: undefined }
  const failed = (why: string, cause?: unknown) =>
    new Error(`Post "${named}?timeout=${timeoutSeconds}s": ${why}`, { cause })
  if (named === '') throw new Error('neither clientConfig.url nor clientConfig.service is set')
  if (connectTo === 'nobody') throw failed('no endpoints available for service')
  const url = new URL(named)
  if (url.protocol === 'http:' && !/^(127\.|localhost$|\[::1\]$)/.test(url.hostname))
    throw new Error(`Post "${named}": plain http is for loopback addresses only`)
  const body = JSON.stringify(review)
  const options = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      accept: 'application/json',
    },
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
    ...(caBundle && { ca: Buffer.from(caBundle, 'base64') }),
    ...(connectTo && { hostname: connectTo.host, port: connectTo.port, servername: url.hostname }),
  }
  const answer = await new Promise<string>((resolve, reject) => {
    const fail = (cause: Error) => reject(failed(cause.message, cause))
    const request = (url.protocol === 'https:' ? https : http).request(url, options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('error', fail)
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(text)
          : fail(new Error(`unexpected status code ${response.statusCode}`)),
      )
    })
    request.on('error', fail)
    request.end(body)
  })
  return JSON.parse(answer)
}
