import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { ApiError, badRequest, internal } from '../errors.ts'
import { listAt, numberAt, textAt } from '../json.ts'
import { replyError, replyText } from './reply.ts'
import type { Exchange } from './resources.ts'

/** The key and certificate by which a kubelet knows the API server. */
export interface KubeletClient {
  key: string
  certificate: string
}

/**
 * pods/<name>/log: what the kubelet of the pod's node answers, as it comes (kubernetes, pkg/registry/core/pod: LogLocation). A pod that
 * is on no node yet has an empty log.
 */
export function serveLog(
  pod: KubeObject,
  nodeOf: (name: string) => KubeObject | undefined,
  { context, query, response }: Exchange,
): void {
  const container = containerOf(pod, query.get('container') ?? undefined)
  const node = textAt(pod, 'spec', 'nodeName')
  if (!node) {
    replyText(response, 200, 'text/plain', '')
    return
  }
  const { name, namespace } = pod.metadata
  const found = nodeOf(node)
  const host = found && addressOf(found)
  const port = found && numberAt(found, 'status', 'daemonEndpoints', 'kubeletEndpoint', 'Port')
  if (!host || !port) throw internal(`no preferred addresses found for node ${JSON.stringify(node)}`)
  const { key, certificate } = context.kubelet
  const given = new URLSearchParams(query)
  given.delete('container')
  const path = `/containerLogs/${namespace}/${name}/${container}?${given}`
  const onward = request(
    { host, port, path, key, cert: certificate, ca: certificate, agent: false },
    (answer) => {
      if (answer.statusCode !== 200) {
        void textOf(answer).then((text) => replyError(response, refusalOf(answer.statusCode ?? 500, text)))
        return
      }
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.flushHeaders()
      answer.pipe(response)
      answer.on('error', () => response.destroy())
      answer.on('aborted', () => response.destroy())
    },
  )
  onward.on('error', (cause) =>
    replyError(response, internal(`Get "https://${host}:${port}${path}": ${cause.message}`)),
  )
  response.on('close', () => onward.destroy())
  onward.end()
}

/** The container that is asked for. Throws a 400 where the pod has no such, or several and none is named. */
function containerOf(pod: KubeObject, asked: string | undefined): string {
  const names = listAt(pod, 'spec', 'containers').flatMap((one) => textAt(one, 'name') ?? [])
  const { name } = pod.metadata
  if (asked === undefined && names.length !== 1)
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`,
    )
  if (asked !== undefined && !names.includes(asked))
    throw badRequest(`container ${asked} is not valid for pod ${name}`)
  return asked ?? names[0]!
}

const addressOf = (node: KubeObject) =>
  listAt(node, 'status', 'addresses')
    .filter((one) => textAt(one, 'type') === 'InternalIP')
    .flatMap((one) => textAt(one, 'address') ?? [])[0]

/** A kubelet's words as a Status. */
const refusalOf = (status: number, text: string): ApiError =>
  status === 400 ? badRequest(text.trim()) : new ApiError(status, 'NotFound', text.trim())

async function textOf(answer: IncomingMessage): Promise<string> {
  answer.setEncoding('utf8')
  let text = ''
  for await (const chunk of answer as AsyncIterable<string>) text += chunk
  return text
}
