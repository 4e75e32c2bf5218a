import { randomInt } from 'node:crypto'
import { type DialectName, holdLease, type OperationLease } from '#weir/cluster/index.ts'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import { type Policy, readPolicy } from '#weir/preflight/index.ts'
import { recordRefusal, refusedOn } from '#weir/scenarios/index.ts'
import { withLeaveSessions } from '../../options.ts'
import type { Output } from '../../output.ts'
import { type JudgedRun, judgedAfter } from '../../run/judged-after.ts'
import { claimOutDir } from '../../run/out-dir.ts'
import { mqttUser } from '../credentials.ts'
import { type Prepared, prepare } from '../prepare.ts'
import { recordOwn } from '../record.ts'
import { clusterRequest } from '../request.ts'
import type { Operation, OperationRequest } from './operation.ts'

/**
 * Does one operation on the user's cluster, records it, and judges it. Undefined after a dry run, which shows the plan and changes nothing.
 * Throws WEIR_REFUSED where a guard refuses; the refusal is recorded.
 */
export async function operateAndJudge(
  operation: Operation,
  request: OperationRequest,
  output: Output,
): Promise<JudgedRun | undefined> {
  const policy = readPolicy(request.policy)
  const cluster = clusterRequest(request.kubeconfig, request, output.env)
  const { clients, seed, yes = false, 'dry-run': dryRun = false } = request
  if (!(Number.isInteger(clients) && clients >= 0))
    throw new WeirError('WEIR_USAGE', '--clients takes a whole number of at least 0')
  let dialect: DialectName | undefined
  const refused = async (error: unknown): Promise<never> => {
    if (dialect && !dryRun && error instanceof WeirError && error.code === 'WEIR_REFUSED')
      await audit(operation, dialect, error, request, output)
    throw error
  }
  const prepared = await prepare(
    (opened, resource, discovery) => {
      dialect = opened.dialect.id
      operation.guard({ cluster: opened, resource, discovery }, policy)
      return withLeaveSessions(operation.scenario(opened, resource, policy), request['leave-sessions'])
    },
    {
      cluster,
      clients: clients * (operation.clientsTwice ? 2 : 1),
      changes: true,
      operates: true,
      evacuates: false,
      mqttUser: mqttUser(output.env),
    },
    { yes, dryRun },
    output,
  ).catch(refused)
  if (dryRun) {
    await prepared.cluster.close()
    return undefined
  }
  const lease = await begun(operation, prepared, request, policy).catch(async (error: unknown) => {
    await prepared.cluster.close()
    return refused(error)
  })
  try {
    return await judgedAfter({ out: request.out, scenario: prepared.plan.scenario.name }, (dir) =>
      recordOwn(prepared, { dir, seed }, output),
    )
  } finally {
    await lease.release()
  }
}

/** From here on no other operation begins. What the guards saw may have changed while the user was asked. */
async function begun(
  operation: Operation,
  { cluster, plan: { discovery } }: Prepared,
  { kubeconfig, context }: OperationRequest,
  policy: Policy,
): Promise<OperationLease> {
  const { dialect, namespace, name } = cluster
  const what = `${dialect.kind} ${namespace}/${name}`
  const id = `${operation.name}-${randomInt(36 ** 6).toString(36)}`
  const lease = await holdLease({ kubeconfig, context, namespace, name, what, id })
  try {
    operation.guard({ cluster, resource: await cluster.resource(), discovery }, policy)
    return lease
  } catch (error) {
    await lease.release()
    throw error
  }
}

/** The record of an operation that was refused. */
async function audit(
  { name, inputs }: Operation,
  dialect: DialectName,
  error: WeirError,
  { out }: OperationRequest,
  output: Output,
): Promise<void> {
  const scenario = refusedOn({ dialect, clients: 0 }, name)
  const dir = out ?? claimOutDir(scenario.name, new Date())
  try {
    await recordRefusal(dir, { scenario, action: name, inputs, error })
    output.note(`  ${dir}`)
  } catch (unrecorded) {
    // The refusal is what the user must know.
    output.note(`weir: the refusal is not recorded: ${messageOf(unrecorded)}`)
  }
}
