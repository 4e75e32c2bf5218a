import { isShared, topicOf } from '#weir/bench/traffic/topic.ts'
import type { Fleet } from '#weir/bench/types.ts'
import type { FleetTable, LedgerReport, Receipt } from '#weir/facts/index.ts'
import type { Run } from './run.ts'

/** Records the ledger's report. Call it after the fleet has disconnected; a fleet without traffic has no report. */
export async function recordMessages(
  run: Pick<Run, 'record' | 'access' | 'scenario'>,
  fleet: Pick<Fleet, 'ledger' | 'table'>,
): Promise<void> {
  const report = fleet.ledger()
  if (report) await run.record.messages(wholeNs(withoutUser(report, run, fleet.table)))
}

/** Times of a record are whole nanoseconds. */
function wholeNs(report: LedgerReport): LedgerReport {
  const whole = (times: readonly number[] | undefined) => times?.map(Math.round)
  const publishers = report.publishers.map((one) => ({
    ...one,
    receipts: one.receipts.map((receipt) => {
      const [duplicateT, reorderedT] = [whole(receipt.duplicateT), whole(receipt.reorderedT)]
      const lostT = receipt.lostT?.map(Math.round) as Receipt['lostT']
      return {
        ...receipt,
        ...(lostT && { lostT }),
        ...(duplicateT && { duplicateT }),
        ...(reorderedT && { reorderedT }),
      }
    }),
  }))
  const { beganT, endedT } = report
  return {
    ...report,
    publishers,
    wills: report.wills.map((will) => ({ ...will, t: Math.round(will.t) })),
    ...(beganT !== undefined && { beganT: Math.round(beganT) }),
    ...(endedT !== undefined && { endedT: Math.round(endedT) }),
  }
}

/**
 * The user name is never recorded: topics and shared subscriptions that contain it keep their `%u`. Both are generated again from their
 * patterns, because the name may also occur elsewhere.
 */
function withoutUser(
  report: LedgerReport,
  { access, scenario }: Pick<Run, 'access' | 'scenario'>,
  { ids, group }: FleetTable,
): LedgerReport {
  const { username, credentials: { usernames } = {} } = access
  const usernameOf = (client: number) => usernames?.[client] ?? username ?? ''
  const { groups, clients } = scenario.fleet
  const named = groups.map(({ publish, subscribe = [] }) => ({
    topic: publish?.topic.includes('%u') ? publish.topic : undefined,
    shares: subscribe.map(({ topic }) => topic).filter((topic) => isShared(topic) && topic.includes('%u')),
  }))
  if (!(username || usernames) || !named.some(({ topic, shares }) => topic || shares.length > 0))
    return report
  const written = (pattern: string, client: number, name: string) =>
    topicOf(pattern, { index: client, clientId: ids[client] ?? '', username: name, fleetClients: clients })
  const shares = new Map<string, string>()
  for (const [client, of] of group.entries())
    for (const pattern of named[of]!.shares)
      shares.set(written(pattern, client, usernameOf(client)), written(pattern, client, '%u'))
  const publishers = report.publishers.map((one) => {
    const pattern = one.fleet === undefined ? named[group[one.publisher]!]?.topic : undefined
    const receipts = one.receipts.map((receipt) => {
      const share = shares.get(receipt.share ?? '')
      return share === undefined ? receipt : { ...receipt, share }
    })
    return { ...one, receipts, ...(pattern && { topic: written(pattern, one.publisher, '%u') }) }
  })
  return { ...report, publishers }
}
