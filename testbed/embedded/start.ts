import { once } from 'node:events'
import { WeirError } from '#weir/errors/index.ts'
import type { StartEmbedded } from '../types.ts'
import { lastWords, startProcess } from './process.ts'

/** The testbed closes itself within 4 s; then it is killed. */
const KILL_MS = 6000

/**
 * An embedded cluster in a process of its own, so that it shares neither event loop nor descriptors with the harness.
 * It ends with close(), and by itself when this process ends.
 */
export const startEmbedded: StartEmbedded = async (options) => {
  const { child, kubeconfig } = await startProcess(options, { detached: false })
  let closed = false
  const exited = once(child, 'exit')
  const died = new Promise<WeirError>((resolve) => {
    exited.then(([code, signal]) => {
      if (closed) return
      // A signal finds no last words in the log.
      const why = signal ? `(${signal})` : `(exit code ${code}): ${lastWords(options.dir)}`
      resolve(new WeirError('WEIR_TESTBED', `the embedded cluster died ${why}`))
    })
  })
  return {
    kubeconfig,
    pid: child.pid ?? 0,
    died,
    async close() {
      closed = true
      if (child.exitCode !== null || child.signalCode !== null) return
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_MS)
      // Without its channel it ends by itself.
      if (child.connected) child.disconnect()
      await exited
      clearTimeout(timer)
    },
  }
}
