import type { ProxyControl } from '../proxy/index.ts'
import { fault } from './fault.ts'

/** Closes all Services when the first evacuation starts, and opens them again after so long. */
export const outage =
  (ms: number) =>
  ({ firstEvacuation, close, open }: ProxyControl): void => {
    void firstEvacuation.then(() => {
      close()
      setTimeout(open, ms).unref()
    })
  }

export const blackout = fault({
  name: 'blackout',
  part: 'proxy',
  summary: 'the Service answers nobody for five seconds during the first evacuation',
  caughtBy: ['available'],
  alsoFails: ['no-storm', 'amplification', 'offline-peak', 'downtime'],
  proxy: outage(5000),
})
