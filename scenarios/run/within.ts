import { setTimeout as sleep } from 'node:timers/promises'

/** Nothing interrupts the end of a run. */
export const NEVER: AbortSignal = new AbortController().signal

/** Waits; rejects with the signal's reason as soon as it aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}

/** The promise's result, or the signal's reason as soon as it aborts: the promise may never settle. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  promise.catch(() => {})
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** The promise's result, or `late()` thrown after `ms`, or the signal's reason, whichever comes first. */
export async function within<T>(
  promise: Promise<T>,
  ms: number,
  signal: AbortSignal,
  late: () => Error,
): Promise<T> {
  const over = new AbortController()
  const limit = pause(ms, AbortSignal.any([signal, over.signal])).then(() => {
    throw late()
  })
  limit.catch(() => {})
  try {
    return await Promise.race([promise, limit])
  } finally {
    over.abort()
  }
}
