/** Seconds to the next try of an image that cannot be pulled, as recorded of a real kubelet (doubling, with its sync period). */
const RETRY_SECONDS = [15, 25, 43, 85, 165, 300]
/** A waiting pull is mentioned again about this often. */
export const MENTION_MS = 12_500
/** ErrImagePull becomes ImagePullBackOff after about this long. */
export const BACK_OFF_AFTER_MS = 1000

export function retryAfterMs(failures: number): number {
  return RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length) - 1]! * 1000
}

export function pullError(image: string, canonical: string): string {
  return `Failed to pull image "${image}": failed to pull and unpack image "${canonical}": failed to resolve reference "${canonical}": ${canonical}: not found`
}
