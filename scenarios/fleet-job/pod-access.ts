import { gunzipSync, gzipSync } from 'node:zlib'
import type { AssignedAccess } from '#weir/bench/types.ts'

/** How the clients of a fleet connect, and who they are: what may be a secret goes to the pods by their Secrets alone. */
export type PodAccess = Pick<AssignedAccess, 'transport' | 'username' | 'password' | 'credentials'>

/** A Secret may have 1 MiB, in base64. */
const MOST_BYTES = 700_000

/** As the contents of Secrets: one, or more where clients have certificates of their own. Ids are no secret, and are in the order. */
export function packAccess({ transport, username, password, credentials = {} }: PodAccess): Buffer[] {
  const { ids: _, ...own } = credentials
  const whole = gzipSync(JSON.stringify({ transport, username, password, credentials: own }))
  const parts: Buffer[] = []
  for (let from = 0; from < whole.length; from += MOST_BYTES)
    parts.push(whole.subarray(from, from + MOST_BYTES))
  return parts
}

/** The same in the pod. */
export const unpackAccess = (parts: readonly Buffer[]): PodAccess =>
  JSON.parse(gunzipSync(Buffer.concat(parts)).toString()) as PodAccess
