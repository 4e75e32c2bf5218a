/** The finaliser of MurmurHash3 (32 bit): every input bit reaches every output bit. */
function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const GOLDEN_RATIO = 0x9e3779b9

/**
 * A number in [0, 1) that depends only on its arguments (integers up to 2^53 for the seed, 2^32 for the others), so one
 * seed gives one fleet whatever the order of the draws.
 */
export function uniform(seed: number, stream: number, draw: number): number {
  const high = Math.floor(seed / 2 ** 32) | 0
  const keyed = mix(mix((seed | 0) + GOLDEN_RATIO) ^ mix(high + 0x7f4a7c15))
  const streamed = mix(keyed ^ mix(stream + GOLDEN_RATIO))
  return mix(streamed + Math.imul(draw, GOLDEN_RATIO)) / 2 ** 32
}

/** Streams that belong to no client: above any client index. */
export const ARRIVAL_STREAM = 0xffff_0001
export const PAYLOAD_STREAM = 0xffff_0002
