import { usageError } from '#weir/errors/index.ts'
import { MOST_VARIABLE } from '../codec/fields.ts'

const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }
/** The longest packet of MQTT (§2.1.4); the largest payload is a little shorter. */
export const LARGEST_BYTES = MOST_VARIABLE

/** Bytes of "512", "512B", "1KB", "2.5MB": 1 KB is 1024 bytes, as with MQTTX. Throws WEIR_USAGE. */
export function sizeInBytes(flag: string, text: string): number {
  const [, figure, unit = ''] = /^(\d+(?:\.\d+)?)\s*([BKMG]?)B?$/i.exec(text.trim()) ?? []
  if (figure === undefined)
    throw usageError(`${flag} "${text}" is not a size: use a form such as 512B, 1KB or 2.5MB`)
  const bytes = Math.round(Number(figure) * UNITS[unit.toUpperCase()]!)
  if (bytes > LARGEST_BYTES)
    throw usageError(`${flag} is ${bytes} bytes, but MQTT allows at most ${LARGEST_BYTES}`)
  return bytes
}
