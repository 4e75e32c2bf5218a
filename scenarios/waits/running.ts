import { clusterReady } from './cluster-ready.ts'
import type { Wait } from './wait.ts'

/**
 * The cluster is as the last change asks: its resource is settled, as many pods as wanted are ready, and the Service leads to them and to
 * no others. For changes that replace no pod; `upgraded` is for those that do.
 */
export const running: Wait = {
  everyMs: clusterReady.everyMs,
  poll: (run) => (run.state.trigger ? clusterReady.poll(run) : 'nothing has been changed'),
  async after(run) {
    run.emit({ type: 'mark', name: 'operation-done' })
    run.state.changeDone()
    await run.listings.all()
  },
}
