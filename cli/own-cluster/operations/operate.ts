import { randomInt } from 'node:crypto'
import {
  type Cluster,
  type ClusterOptions,
  type DialectName,
  holdLease,
  type OperationLease,
  refuseWhileHeld,
} from '#weir/cluster/index.ts'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import { guardOwnership, type Policy, readPolicy } from '#weir/preflight/index.ts'
import { recordRefusal, refusedOn, withClientFlags } from '#weir/scenarios/index.ts'
import { withLeaveSessions } from '../../options.ts'
import type { Output } from '../../output.ts'
import { type JudgedRun, judgedAfter } from '../../run/judged-after.ts'
import { claimOutDir, refuseUsedOutDir } from '../../run/out-dir.ts'
import { accessFor } from '../access.ts'
import { type Prepared, prepare } from '../prepare.ts'
import { recordOwn } from '../record.ts'
import { clusterRequest, forClients } from '../request.ts'
import type { Operation, OperationRequest } from './operation.ts'

/** Of a guard, and of the API server: a role that may not write, or may not read what a guard must know. */
const REFUSALS: readonly string[] = ['WEIR_REFUSED', 'WEIR_CLUSTER_FORBIDDEN']

/**
 * Does one operation on the user's cluster, records it, and judges it. Undefined after a dry run, which shows the plan and changes nothing.
 * Throws WEIR_REFUSED where a guard refuses, or the API server refuses a write to the user's role, and WEIR_CLUSTER_FORBIDDEN where the role may
 * not even read; either is recorded, once the cluster is found.
 */
export async function operateAndJudge(
  operation: Operation,
  request: OperationRequest,
  output: Output,
): Promise<JudgedRun | undefined> {
  refuseUsedOutDir(request.out)
  const policy = readPolicy(request.policy)
  const cluster = clusterRequest(request.kubeconfig, request, output.env)
  const { clients, seed, yes = false, json = false, 'dry-run': dryRun = false } = request
  if (!(Number.isInteger(clients) && clients >= 0))
    throw new WeirError('WEIR_USAGE', '--clients takes a whole number of at least 0')
  const fleetClients = clients * (operation.clientsTwice ? 2 : 1)
  const watching = withClientFlags(
    refusedOn({ dialect: 'v2beta1', clients: fleetClients }, operation.name),
    request,
  )
  const access = accessFor(watching, request, output.env)
  let dialect: DialectName | undefined
  const id = `${operation.name}-${randomInt(36 ** 6).toString(36)}`
  const refused = async (error: unknown): Promise<never> => {
    if (dialect && !dryRun && error instanceof WeirError && REFUSALS.includes(error.code))
      await audit(operation, dialect, error, request, output)
    throw error
  }
  const prepared = await prepare(
    async (opened, resource, discovery) => {
      guardOwnership(
        { what: what(opened), cluster: `${opened.namespace}/${opened.name}`, operation: operation.name },
        policy,
      )
      await refuseWhileHeld(opened.kube, asked(opened, id))
      await operation.guard({ cluster: opened, resource, discovery }, policy)
      const scenario = withClientFlags(await operation.scenario(opened, resource, policy), request)
      return withLeaveSessions(scenario, request['leave-sessions'])
    },
    {
      ...forClients(cluster, access),
      clients: fleetClients,
      changes: true,
      operates: operation.name,
      mayBeStopped: operation.mayBeStopped ?? false,
      evacuates: false,
    },
    { yes, dryRun, json, opened: (found) => (dialect = found.dialect.id) },
    output,
  ).catch(refused)
  if (dryRun) {
    await prepared.cluster.close()
    return undefined
  }
  const lease = await begun(operation, id, prepared, cluster, policy).catch(async (error: unknown) => {
    await prepared.cluster.close()
    return refused(error)
  })
  try {
    const judged = await judgedAfter(
      { out: request.out, scenario: prepared.plan.scenario.name },
      async (dir) => {
        const { refused, reason } = await recordOwn(prepared, { dir, seed }, output)
        if (refused)
          throw new WeirError('WEIR_REFUSED', `${what(prepared.cluster)} is left as it is: ${reason}`)
      },
    )
    // The verdict is there: what cannot be given back runs out by itself.
    await operation.after?.(judged.judged).catch((error: unknown) => output.note(`weir: ${messageOf(error)}`))
    return judged
  } finally {
    await lease.release()
  }
}

/** An operation on the cluster, by its id. */
const asked = (cluster: Cluster, id: string) => ({
  namespace: cluster.namespace,
  name: cluster.name,
  what: what(cluster),
  id,
})

const what = ({ dialect, namespace, name }: Cluster): string => `${dialect.kind} ${namespace}/${name}`

/** From here on no other operation begins. What the guards saw may have changed while the user was asked. */
async function begun(
  operation: Operation,
  id: string,
  { cluster, plan: { discovery } }: Prepared,
  { kubeconfig, context, impersonate }: Pick<ClusterOptions, 'kubeconfig' | 'context' | 'impersonate'>,
  policy: Policy,
): Promise<OperationLease> {
  const lease = await holdLease({ kubeconfig, context, impersonate, ...asked(cluster, id) })
  try {
    const about = { cluster, resource: await cluster.resource(), discovery }
    await operation.guard(about, policy)
    await operation.claim?.(about, policy)
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
