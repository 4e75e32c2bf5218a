import { setTimeout as sleep } from 'node:timers/promises'
import { KubeApiError } from './types.ts'

const TRIES = 6
const PAUSE_MS = 300

/**
 * Asks again for some seconds while the API server is too busy, or just starting: it has done nothing then of what it was
 * asked (429, priority and fairness; "storage is (re)initializing" right after a definition was made). A 503 may come from
 * something behind it, so only questions are asked again then.
 */
export async function whileBusy<T>(kind: 'question' | 'order', ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      const status = error instanceof KubeApiError ? error.status : 0
      const isBusy = status === 429 || (status === 503 && kind === 'question')
      if (!isBusy || tries === TRIES) throw error
      await sleep(PAUSE_MS * tries)
    }
  }
}
