import type { Fleet, LedgerReport } from '#weir/bench/types.ts'
import type { Run } from './run.ts'

/** Puts the ledger's report into the record. To be called when the fleet has left; a fleet without traffic leaves no file. */
export async function recordMessages(
  run: Pick<Run, 'record' | 'mqttUser' | 'scenario'>,
  fleet: Pick<Fleet, 'ledger' | 'table'>,
): Promise<void> {
  const report = fleet.ledger()
  if (report) await run.record.messages(wholeNs(withoutUser(report, run, fleet.table.group)))
}

/** Times of a record are whole nanoseconds. */
function wholeNs(report: LedgerReport): LedgerReport {
  const whole = (times: readonly number[] | undefined) => times?.map(Math.round)
  const publishers = report.publishers.map((one) => ({
    ...one,
    receipts: one.receipts.map((receipt) => {
      const [duplicateT, reorderedT] = [whole(receipt.duplicateT), whole(receipt.reorderedT)]
      return { ...receipt, ...(duplicateT && { duplicateT }), ...(reorderedT && { reorderedT }) }
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

/** Whom the clients are to a broker is never recorded: a topic that has the name in it keeps its `%u`. */
function withoutUser(
  report: LedgerReport,
  { mqttUser, scenario }: Pick<Run, 'mqttUser' | 'scenario'>,
  groupOf: readonly number[],
): LedgerReport {
  const username = mqttUser?.username
  const isNamed = scenario.fleet.groups.map(({ publish }) => publish?.topic.includes('%u') ?? false)
  if (!username || !isNamed.includes(true)) return report
  const publishers = report.publishers.map((one) =>
    isNamed[groupOf[one.publisher]!] ? { ...one, topic: one.topic.replaceAll(username, '%u') } : one,
  )
  return { ...report, publishers }
}
