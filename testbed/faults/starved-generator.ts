import { fault, type Host } from './fault.ts'

const STOP_MS = 300
const PERIOD_MS = 1000
const LONGEST_MS = 900_000

/**
 * From the first evacuation on, stops the harness for 300 ms in every second, for at most a quarter of an hour. The
 * harness is left running, whatever happens to this process.
 */
export function starve({ harnessPid, firstEvacuation }: Host): () => void {
  let timer: NodeJS.Timeout | undefined
  let ended = false

  const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
    try {
      process.kill(harnessPid, name)
    } catch {
      // The harness is gone: nothing to stop, nothing to continue.
      ended = true
    }
  }
  const end = () => {
    ended = true
    clearTimeout(timer)
    signal('SIGCONT')
  }
  process.once('exit', end)

  firstEvacuation.then(() => {
    const endMs = Date.now() + LONGEST_MS
    const stop = () => {
      if (ended) return
      if (Date.now() > endMs) {
        end()
        return
      }
      signal('SIGSTOP')
      timer = setTimeout(go, STOP_MS)
    }
    const go = () => {
      signal('SIGCONT')
      if (!ended) timer = setTimeout(stop, PERIOD_MS - STOP_MS)
    }
    stop()
  })
  return () => {
    process.removeListener('exit', end)
    end()
  }
}

export const starvedGenerator = fault({
  name: 'starved-generator',
  part: 'host',
  summary: 'the harness is stopped for 300 ms in every second',
  caughtBy: ['harness-healthy'],
  host: starve,
})
