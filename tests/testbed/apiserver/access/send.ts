import http from 'node:http'
import https from 'node:https'
import type { Caller, Exchange } from './exchange.ts'

/** An answer with everything taken out that is another on each run. */
export interface Recorded {
  as: Caller
  send: string
  status: number
  location?: string
  body: unknown
}

export interface Target {
  url: string
  tokens: { admin: string; alice: string }
  /** Where the pod's own server listens. */
  pod: { host: string; port: number }
}

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
const VOLATILE = ['managedFields', 'resourceVersion', 'uid']

function request(
  target: Target,
  token: string,
  { send, body, headers }: Exchange,
): Promise<{ status: number; location?: string; text: string }> {
  const [method, path] = fill(send, target).split(' ') as [string, string]
  const payload = body && fill(JSON.stringify(body), target)
  return new Promise((resolve, reject) => {
    const { request: open } = target.url.startsWith('https') ? https : http
    const asked = open(
      target.url + path,
      {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...(payload && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(payload),
          }),
          ...headers,
        },
        rejectUnauthorized: false,
        agent: false,
      },
      (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('error', reject)
        response.on('end', () => {
          const { statusCode: status = 0, headers: answered } = response
          resolve({ status, text, ...(answered.location && { location: answered.location }) })
        })
      },
    )
    asked.on('error', (cause) => reject(new Error(`${send}: ${cause.message}`, { cause })))
    asked.end(payload)
  })
}

const fill = (text: string, { pod }: Target) =>
  text.replaceAll('$PORT', String(pod.port)).replaceAll('$POD', pod.host)

/** What differs between two runs, named by what it is. */
function steady(value: unknown, target: Target, token: string): unknown {
  if (typeof value === 'string')
    return value
      .replaceAll(`${target.pod.host}:${target.pod.port}`, '$POD:$PORT')
      .replaceAll(new RegExp(`^${target.pod.host}$`, 'g'), '$POD')
      .replaceAll(`${target.pod.host}:`, '$POD:')
      .replaceAll(`:${target.pod.port}`, ':$PORT')
      .replaceAll(new URL(target.url).host, '$SERVER')
      .replaceAll(token, '$TOKEN')
      .replaceAll(UUID, '$UID')
      .replaceAll(/[a-z0-9.-]+:\d+->/g, '')
  if (Array.isArray(value)) return value.map((item) => steady(item, target, token))
  if (typeof value !== 'object' || value === null) return value
  const kept: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    if (VOLATILE.includes(key)) continue
    const isTime = key === 'creationTimestamp' || key === 'expirationTimestamp'
    if (isTime && typeof item === 'string') kept[key] = '$TIME'
    else if (key === 'token') kept[key] = '$TOKEN'
    else if (key === 'authentication.kubernetes.io/credential-id') kept[key] = ['$CREDENTIAL']
    else kept[key] = steady(item, target, token)
  }
  return kept
}

/** Makes the ServiceAccount, sends everything, and returns what came back. */
export async function sendAll(target: Target, exchanges: readonly Exchange[]): Promise<Recorded[]> {
  const accounts = '/api/v1/namespaces/default/serviceaccounts'
  const made = await request(target, target.tokens.admin, {
    as: 'admin',
    send: `POST ${accounts}`,
    body: { metadata: { name: 'weir' } },
  })
  if (made.status !== 201) throw new Error(`no ServiceAccount: ${made.text}`)
  const issued = await request(target, target.tokens.admin, {
    as: 'admin',
    send: `POST ${accounts}/weir/token`,
    body: { spec: {} },
  })
  const tokens = { ...target.tokens, weir: JSON.parse(issued.text).status.token as string }
  const answers: Recorded[] = []
  for (const exchange of exchanges) {
    const token = tokens[exchange.as]
    const { status, location, text } = await request(target, token, exchange)
    const clean = (value: unknown) => steady(value, target, token)
    let body: unknown = text
    try {
      body = JSON.parse(text)
    } catch {
      // Not every answer is JSON.
    }
    answers.push({
      as: exchange.as,
      send: exchange.send,
      status,
      ...(location !== undefined && { location: String(clean(location)) }),
      body: clean(body),
    })
  }
  return answers
}
