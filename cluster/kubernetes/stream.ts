import type { IncomingMessage } from 'node:http'
import type { Connection } from './connection.ts'
import { errorOf, readJson } from './http.ts'

/** Until the head of the answer. */
const HEAD_MS = 15_000
/** A quiet stream says nothing of a server that is gone, so the kernel asks it. */
const KEEP_ALIVE_MS = 30_000

/** Opens an answer whose end is open. Rejects with KubeApiError where it is no success. */
export async function openStream(
  connection: Connection,
  path: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = await connection.open('GET', path, { accept: '*/*' }, signal)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const timer = setTimeout(
      () => request.destroy(new Error(`the API server did not answer within ${HEAD_MS / 1000} s`)),
      HEAD_MS,
    )
    request.on('socket', (socket) => socket.setKeepAlive(true, KEEP_ALIVE_MS))
    request.on('response', (head) => {
      clearTimeout(timer)
      resolve(head)
    })
    request.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    request.end()
  })
  if (response.statusCode !== 200) throw errorOf(response.statusCode ?? 0, await readJson(response))
  return response
}
