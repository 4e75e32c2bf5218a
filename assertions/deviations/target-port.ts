import type { RunView } from '#weir/record/view/index.ts'
import { lastNetworkChange } from '../evidence/network.ts'
import type { Deviation } from './deviation.ts'
import { isReleased } from './release.ts'

/** Operator 2.1.3–2.2.29 on v1beta4: the endpoints that it writes have the Service's port, whatever targetPort says. */
export const targetPort: Deviation = {
  id: 'operator-2.1.3-2.2.29-target-port',
  source: 'docs/contract/operator.md#v1beta4-service',
  shows: (run) =>
    isReleased(run.parameters.dialect, '2.1.3', '2.2.29') &&
    run.parameters.dialect.trafficSwitch === 'service' &&
    leadsToOwnPort(run),
  fails: ['exposure'],
  mayFail: [],
  leavesOpen: [],
}

interface Slice {
  ports?: { name?: string; port?: number }[] | null
}

/** A port that was asked for at another number than EMQX's, and an endpoint that has that number. */
function leadsToOwnPort(run: RunView): boolean {
  const change = lastNetworkChange(run)
  if (change?.asked.by !== 'operator') return false
  const { asked } = change
  const slices = run.of('watch').filter(({ kind }) => kind === 'EndpointSlice')
  return asked.ports.some(
    ({ name, port, target }) =>
      port !== target &&
      slices.some(({ object }) =>
        (object as Slice).ports?.some((one) => one.name === name && one.port === port),
      ),
  )
}
