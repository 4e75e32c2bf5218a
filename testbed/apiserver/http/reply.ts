import type { ServerResponse } from 'node:http'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { remembered } from '../../runtime/memo.ts'
import { ApiError, internal } from '../errors.ts'

/** Stored objects do not change, so their JSON is made once, however many watches and listings send it. */
const cache = new WeakMap<KubeObject, string>()

export function jsonOf(object: KubeObject): string {
  return remembered(cache, object, () => JSON.stringify(object))
}

const items = new WeakMap<KubeObject, string>()

/** As an item of a list, which names the kind of all. */
export function itemOf(object: KubeObject): string {
  return remembered(items, object, () => {
    const { apiVersion: _, kind: __, ...rest } = object
    return JSON.stringify(rest)
  })
}

export function replyText(
  response: ServerResponse,
  code: number,
  contentType: string,
  text: string | Buffer,
): void {
  response.writeHead(code, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

export const replyJson = (response: ServerResponse, code: number, text: string): void =>
  replyText(response, code, 'application/json', text)

/** The error as a Status; one that is no ApiError is an internal error. */
export function replyError(response: ServerResponse, error: unknown): void {
  const known = error instanceof ApiError ? error : internal(messageOf(error))
  if (response.headersSent) response.destroy()
  else replyJson(response, known.code, JSON.stringify(known.status))
}

/** A Warning header, which kubectl prints. */
export function warn(response: ServerResponse, message: string): void {
  if (response.headersSent) return
  const text = message
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/[^\x20-\x7e]/g, ' ')
  response.appendHeader('warning', `299 - "${text}"`)
}
