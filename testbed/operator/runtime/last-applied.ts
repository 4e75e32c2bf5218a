import { gunzipSync, gzipSync } from 'node:zlib'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'

export const LAST_APPLIED = 'apps.emqx.io/last-applied'

/** The object as the operator wanted it when it last wrote it: what a later wish is compared with. */
export function encodeLastApplied(object: KubeObject): string {
  return gzipSync(JSON.stringify(object)).toString('base64')
}

export function decodeLastApplied(object: KubeObject): KubeObject | undefined {
  const text = object.metadata.annotations?.[LAST_APPLIED]
  if (text === undefined) return undefined
  try {
    return JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString()) as KubeObject
  } catch {
    // Somebody else's writing: then there is nothing to compare with, and the object is written again.
    return undefined
  }
}
