import { admittedBy, type Bounds, type NewcomersEvent } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { lastChange } from '../evidence/settings.ts'
import { clientId, moment, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['limit-holds']
const { settle, shared } = MESSAGES

/** EMQX admits as many as the changed limit says, and no more than its own leniency explains; nobody who is connected has to go. */
export const limitHolds: Check<'limit-holds'> = (run, bounds) => {
  const change = lastChange(run, 'connections')
  const none = { bound: text.noBound, measured: shared.unknown }
  const claims = claimed(run)
  if (claims) return claims
  if (!change) return unknown({ ...none, why: text.noChange, settle: text.noChangeSettle })
  const limit = Number(change.asked.value)
  const most = admittedBy(limit, bounds.over)
  const bound = text.bound({ limit, most })
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  const waves = run.of('newcomers').filter(({ fromT }) => fromT > change.asked.t)
  const untilT = waves[0]?.fromT ?? run.moments.fleetStopping ?? run.moments.end
  const kicked = kickedFrom(run, change.asked.t, untilT, limit)
  if (kicked) return { ...kicked, bound }
  if (!change.reads.some(({ value }) => value === change.asked.value))
    return open(text.notShown, MESSAGES.immediate.samplesSettle)
  if (waves.length === 0) return open(text.noNewcomers, text.noNewcomersSettle)
  const { otherClients: others = 0 } = run.parameters
  if (others > 0) return open(text.others({ others }), text.othersSettle)
  const judged = waves.map((wave) => ofWave(wave, onlineAt(run, wave.fromT), { limit, most, bound, bounds }))
  const failed = judged.find(({ outcome }) => outcome === 'fail')
  return failed ?? judged.find(({ outcome }) => outcome !== 'pass') ?? judged.at(-1)!
}

/** Of several requests at once for what is left of the licence as many are accepted as fit, and one at least. Undefined where that holds. */
function claimed(run: RunView): AssertionResult | undefined {
  const claims = run.of('claim')
  const requests = new Set(claims.map(({ by }) => by)).size
  const held = new Map<string, number>()
  let wrong: string | undefined
  for (const { by, outcome, connections, total } of claims) {
    if (outcome === 'accepted') held.set(by, connections)
    else held.delete(by)
    const all = [...held.values()].reduce((sum, one) => sum + one, 0)
    if (all > total) wrong ??= text.overClaimed({ claimed: all, total, requests: held.size })
  }
  const accepted = claims.filter(({ outcome }) => outcome === 'accepted')
  if (requests > 0 && accepted.length === 0) wrong ??= text.noneAccepted({ requests })
  if (wrong === undefined) return undefined
  return fail({
    bound: text.noBound,
    measured: text.measuredRequests({ accepted: accepted.length, requests }),
    sentence: wrong,
    evidence: [evidence('events.ndjson', claims[0]!.t, claims.at(-1)!.t, text.claimsSeen)],
  })
}

/** Clients of the fleet that lose their connection when the limit comes to be below their number. */
function kickedFrom(
  run: RunView,
  fromT: number,
  untilT: number,
  limit: number,
): Omit<AssertionResult, 'bound'> | undefined {
  if (onlineAt(run, fromT) <= limit) return undefined
  const { t, client, node } = run.evictions
  const first = t.findIndex((at) => at > fromT && at < untilT)
  if (first < 0) return undefined
  const clients = new Set(client.filter((_, i) => t[i]! > fromT && t[i]! < untilT)).size
  return fail({
    bound: '',
    measured: text.measured({ connected: onlineAt(run, untilT), refused: 0 }),
    sentence: text.kicked({
      clients,
      client: clientId(run, client[first]!),
      node: shortName(run, node[first]!),
      at: moment(run, t[first]!),
    }),
    evidence: [evidence('clients.arrow', fromT, untilT, text.clientsSeen)],
  })
}

/** Clients of the fleet that are connected at `t`. */
function onlineAt({ connections: { length, from, to } }: RunView, t: number): number {
  let online = 0
  for (let i = 0; i < length; i++) online += Number(from[i]! <= t && to[i]! > t)
  return online
}

interface Limits {
  limit: number
  most: number
  bound: string
  bounds: Bounds<'limit-holds'>
}

function ofWave(
  wave: NewcomersEvent,
  before: number,
  { limit, most, bound, bounds }: Limits,
): AssertionResult {
  const { clients, connected, refused, unavailable = 0, overQuota, perSecond, failed, fromT, t } = wave
  const beyond = overQuota + unavailable
  const reached = before + connected
  // Where the count was above the limit all along, no old count explains one more. Else newcomers come in until a new count is made.
  const late = perSecond === undefined ? clients : perSecond * (bounds.countSeconds + bounds.slackSeconds)
  const allowed = before >= most ? before : most + Math.ceil(late)
  const parts = {
    bound,
    measured: text.measured({ connected, refused: beyond }),
    evidence: [evidence('events.ndjson', fromT, t, text.seen)],
    figures: { before, connected, refused: beyond, limit, most },
  }
  if (reached > allowed)
    return fail({ ...parts, sentence: text.acceptedBeyond({ reached, most: allowed, limit }) })
  if (refused > unavailable)
    return fail({ ...parts, sentence: text.wrongCode({ refused: refused - unavailable }) })
  if (beyond > 0 && reached < limit)
    return fail({ ...parts, sentence: text.refusedEarly({ reached, limit, refused: beyond }) })
  const silent = clients - connected - beyond
  if (failed > 0 || silent > 0)
    return unknown({
      ...parts,
      why: text.unanswered({ clients: Math.max(failed, silent) }),
      settle: settle.lessLoad,
    })
  if (beyond === 0)
    return unknown({
      ...parts,
      why: text.tooFewTried({ reached, most: allowed }),
      settle: text.tooFewTriedSettle,
    })
  return pass({ ...parts, sentence: text.held({ connected, reached, refused: beyond, limit }) })
}
