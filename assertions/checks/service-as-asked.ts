import type { WatchEvent } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { lastNetworkChange, type NetworkChange } from '../evidence/network.ts'
import { type Differs, differs, type ServiceSeen } from '../evidence/service-differs.ts'
import { endStateT } from '../evidence/span.ts'
import { blindTo } from '../evidence/watches.ts'
import { SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['service-as-asked']
const { settle, shared } = MESSAGES

/** The Service becomes what was asked for in time, and stays so. */
export const serviceAsAsked: Check<'service-as-asked'> = (run, bounds) => {
  const change = lastNetworkChange(run)
  const within = change?.asked.network === 'LoadBalancer' ? bounds.balancerSeconds : bounds.seconds
  const bound = text.bound({ within })
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  if (!change) return open(text.noChange, text.noChangeSettle)
  const { asked, fromT, service } = change
  const lastT = endStateT(run)
  if (blindTo(run, 'services', fromT, lastT)) return open(text.blind, settle.watches)
  const states = statesOf(change)
  const seen = [evidence('events.ndjson', fromT, service.at(-1)?.t ?? lastT, text.seen(asked))]
  const rightFrom = states.findLastIndex(({ wrong }) => wrong !== undefined) + 1
  const first = states[rightFrom]
  if (first === undefined) {
    const wrong = states.at(-1)?.wrong ?? 'missing'
    const ns = lastT - fromT
    // An annotation that was there before the change is not about to go.
    if (ns < within * SECOND && !isFinal(wrong))
      return open(text.unfinished({ wrong, asked }), settle.wholeRun)
    return fail({
      ...{ bound, measured: text.measuredNever({ ns }), evidence: seen },
      sentence: text.never({ asked, wrong, ns, said: operatorsWords(run, fromT) }),
    })
  }
  const ns = Math.max(0, first.t - fromT)
  const result = { bound, measured: text.measured({ ns }), evidence: seen, figures: { seconds: ns / SECOND } }
  return ns > within * SECOND
    ? fail({ ...result, sentence: text.late({ asked, ns, within }) })
    : pass({ ...result, sentence: text.held({ asked, ns }) })
}

interface State {
  t: number
  /** Undefined: as asked. */
  wrong: Differs | 'missing' | 'still-there' | undefined
}

/** What is asked for may mean that there is no Service. */
function statesOf({ asked, service }: NetworkChange): State[] {
  const isGone = ({ event }: WatchEvent) => event === 'DELETED'
  if (asked.network === 'ClusterIP' && asked.by === 'weir')
    return service.length === 0
      ? [{ t: asked.t, wrong: undefined }]
      : service.map((one) => ({ t: one.t, wrong: isGone(one) ? undefined : 'still-there' }))
  return service.map((one) => ({
    t: one.t,
    wrong: isGone(one) ? 'missing' : differs(one.object as ServiceSeen, asked),
  }))
}

const isFinal = (wrong: State['wrong']): boolean =>
  typeof wrong === 'object' && wrong.what === 'annotation-stays'

/** The last warning about the resource: an operator that cannot write a Service says so in an Event alone. */
function operatorsWords(run: RunView, fromT: number): string | undefined {
  const warning = run
    .of('watch')
    .findLast(({ kind, t, object }) => kind === 'Event' && t > fromT && (object as Told).type === 'Warning')
  return warning && (warning.object as Told).message
}

interface Told {
  type?: string
  message?: string
}
