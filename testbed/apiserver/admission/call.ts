import http from 'node:http'
import https from 'node:https'
import type { ReviewAnswer } from './review.ts'
import type { Webhook } from './webhook.ts'

/**
 * POSTs a review to the webhook and returns its response. Plain http is taken for this machine only; https is checked
 * against the caBundle. Throws an Error with the reason.
 */
export async function callWebhook(
  webhook: Webhook,
  review: { request: { uid: string } },
): Promise<ReviewAnswer> {
  const { url: address, caBundle } = webhook.clientConfig
  if (!address) throw new Error('clientConfig.url is not set, and services are not resolved by this server')
  const url = new URL(address)
  const timeoutSeconds = webhook.timeoutSeconds ?? 10
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
  }
  if (url.protocol === 'http:' && !/^(127\.|localhost$|\[::1\]$)/.test(url.hostname))
    throw new Error(`Post "${address}": plain http is for loopback addresses only`)
  const answer = await new Promise<string>((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(new Error(`Post "${address}?timeout=${timeoutSeconds}s": ${cause.message}`, { cause }))
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
  const { response } = JSON.parse(answer) as { response?: ReviewAnswer }
  if (!response) throw new Error('webhook response was absent')
  if (response.uid !== review.request.uid)
    throw new Error(
      `expected response.uid=${JSON.stringify(review.request.uid)}, got ${JSON.stringify(response.uid ?? '')}`,
    )
  return response
}
