import { type AddressedService, ledgerOf } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { addressLedger } from '../evidence/address-ledger.ts'
import { endedByRun } from '../evidence/ended-by-run.ts'
import { judgedSpan } from '../evidence/span.ts'
import { SECOND } from '../evidence/wording.ts'
import type { Deviation } from './deviation.ts'
import { isReleased } from './release.ts'

/**
 * Operator 2.1.0–2.2.29, v1beta4: when a question for EMQX's listeners fails, the ports that the resource does not name leave the Service until the
 * next pass, and come back with other node ports.
 */
export const portsRemoved: Deviation = {
  id: 'operator-2.1.0-2.2.29-ports-removed',
  source: 'docs/contract/operator.md#v1beta4-service',
  shows: (run) =>
    isReleased(run.parameters.dialect, '2.1.0', '2.2.29') &&
    run.parameters.dialect.trafficSwitch !== 'readiness-gate' &&
    movesWithoutAnswer(run),
  fails: ['addresses-kept'],
  mayFail: ['untouched'],
  leavesOpen: [],
}

/** A question may take so long to fail, and the next pass so long to come. */
const QUESTION_NS = 10 * SECOND

/** Every address that changed is a node port, whose port was gone from the Service after a node had not answered, or had begun to end. */
function movesWithoutAnswer(run: RunView): boolean {
  const { fromT, toT } = judgedSpan(run)
  const { changes } = addressLedger(run, fromT, toT)
  const silences = silencesOf(run).filter((t) => t > fromT)
  const mayTake = QUESTION_NS + run.parameters.pollIntervalSeconds * SECOND
  return (
    changes.length > 0 &&
    changes.every(
      ({ t, what, service, port = '' }) =>
        what === 'node-port' &&
        silences.some((one) => one <= t && one > t - mayTake) &&
        isGone(run, service, port, t),
    )
  )
}

/** When a node that was there before the change did not answer, or began to end. One that is new may be ready before its API is. */
function silencesOf(run: RunView): number[] {
  const pods = run.of('pod')
  const { fromT } = judgedSpan(run)
  const wasThere = (pod: string) => run.nodes.some((node) => node.pod === pod && node.firstSeenT <= fromT)
  return [
    ...run.of('api-failure').flatMap(({ t, api, via }) => (api !== 'kubernetes' && wasThere(via) ? [t] : [])),
    ...pods.flatMap(({ t, deleting }) => (deleting ? [t] : [])),
    ...endedByRun(run).values(),
  ]
}

/** Whether the Service, as it was watched at `t`, had no node port of this name. */
function isGone(run: RunView, service: string, port: string, t: number): boolean {
  const seen = run
    .of('watch')
    .find((event) => event.kind === 'Service' && event.name === service && event.t === t)
  return seen !== undefined && !ledgerOf(seen.object as AddressedService).nodePorts.has(port)
}
