import { readPem } from '#weir/bench/credentials/certificates.ts'
import { targetsIn } from '#weir/bench/index.ts'
import type { FleetAccess } from '#weir/bench/types.ts'
import { type ClusterOptions, impersonationOf, isInterference } from '#weir/cluster/index.ts'
import { WeirError } from '#weir/errors/index.ts'
import { definitionOf, isAssertionId } from '#weir/facts/index.ts'
import type { Request } from '#weir/preflight/index.ts'
import {
  changesCluster,
  loadScenario,
  type Scenario,
  targetVersion,
  withClientFlags,
  withVersion,
} from '#weir/scenarios/index.ts'
import { CLUSTER_FLAGS, type ClusterFlags } from '../cluster-options.ts'
import type { DoctorFlags } from '../options.ts'
import type { Output } from '../output.ts'
import { ownFleetJob, podsOf } from '../run/fleet-job.ts'
import { accessFor } from './access.ts'
import { emqxCredentials } from './credentials.ts'

/** The cluster that the flags name. Throws WEIR_USAGE. */
export function clusterRequest(kubeconfig: string, flags: ClusterFlags, env: Output['env']): ClusterOptions {
  const credentials = emqxCredentials(env)
  for (const flag of CLUSTER_FLAGS)
    if (flags[flag] === '')
      throw new WeirError('WEIR_USAGE', `--${flag} has no value: name one, or leave it out`)
  const { context, namespace, name, operator, service, listener, address, 'as-role': role } = flags
  if (operator !== undefined && !/^\d+\.\d+(\.\d+)?$/.test(operator))
    throw new WeirError('WEIR_USAGE', `--operator ${operator} is not a release line: write it like 2.2.29`)
  return {
    kubeconfig,
    ...{ context, namespace, name, operator, credentials },
    emqxTls: emqxTls(flags),
    wayIn: {
      service,
      listener,
      addresses: address === undefined ? undefined : targetsIn('--address', address),
    },
    ...(role !== undefined && { impersonate: impersonationOf(role) }),
  }
}

/** The cluster with the port for the transport of the clients, and how they come to it. */
export const forClients = (
  { wayIn, ...cluster }: ClusterOptions,
  access: FleetAccess,
): Required<Pick<Request, 'cluster' | 'access'>> => ({
  cluster: { ...cluster, wayIn: { ...wayIn, protocol: access.transport?.protocol } },
  access,
})

/** Undefined where the flags say nothing. Throws WEIR_USAGE. */
function emqxTls({ 'emqx-ca': file, 'emqx-insecure': insecure }: ClusterFlags): ClusterOptions['emqxTls'] {
  if (file === undefined) return insecure ? { insecure } : undefined
  if (insecure)
    throw new WeirError('WEIR_USAGE', '--emqx-ca and --emqx-insecure exclude each other: leave one out')
  const ca = readPem('--emqx-ca', file)
  if (!ca.includes('-----BEGIN CERTIFICATE-----'))
    throw new WeirError('WEIR_USAGE', `--emqx-ca ${file} has no certificate: it must be a PEM file`)
  return { ca }
}

/** What a scenario needs of a cluster. `set` and `to` are the flags. Throws WEIR_USAGE. */
export function needsOf(
  scenario: Scenario,
  options: ClusterOptions,
  access: FleetAccess,
  { set, to, fleetJob }: { set: readonly string[]; to?: string | undefined; fleetJob?: Request['fleetJob'] },
): Request {
  const { cluster } = forClients(options, access)
  const target = targetVersion(scenario)
  const choosesConnection = set.some((one) => one.startsWith('fleet.connection='))
  return {
    cluster: { ...cluster, prefers: scenario.cluster.dialect },
    scenario,
    clients: scenario.fleet.clients,
    changes: changesCluster(scenario),
    interferes: scenario.steps.flatMap((step) =>
      'action' in step && isInterference(step.action) ? [step.action] : [],
    ),
    evacuates: scenario.assert.some(
      ({ id }) => isAssertionId(id) && definitionOf(id).needs.includes('evacuation'),
    ),
    access,
    ...(fleetJob && { fleetJob }),
    ...(target === undefined
      ? {}
      : { target, targetIsChosen: to !== undefined || set.some((one) => one.startsWith('steps')) }),
    ...(choosesConnection ? { connection: scenario.fleet.connection } : {}),
  }
}

/** The fleet of the scenarios that come with weir. */
export const USUAL_CLIENTS = 3000
const USUAL = 'blue-green'

/** What `weir doctor` checks for: without a scenario, whether a cluster can be observed and changed at all. */
export function doctorRequest(flags: DoctorFlags & { kubeconfig: string }, env: Output['env']): Request {
  const options = clusterRequest(flags.kubeconfig, flags, env)
  const fleetJobFor = (clients: number) => ownFleetJob(podsOf(flags, clients), flags.kubeconfig, flags, env)
  if (flags.scenario === undefined) {
    if (flags.set.length > 0) throw new WeirError('WEIR_USAGE', '--set needs a scenario: add its name')
    const { to: target, clients = USUAL_CLIENTS } = flags
    const { fleet } = withClientFlags(loadScenario(USUAL), flags)
    const access = accessFor({ fleet: { ...fleet, clients } }, flags, env)
    const wanted = { ...forClients(options, access), fleetJob: fleetJobFor(clients) }
    const changes = { changes: true, evacuates: true }
    return { clients, ...changes, ...wanted, ...(target ? { target, targetIsChosen: true } : {}) }
  }
  const loaded = withVersion(loadScenario(flags.scenario, { set: flags.set }), flags.to)
  const scenario = withClientFlags(loaded, flags)
  const { clients = scenario.fleet.clients } = flags
  const access = accessFor({ fleet: { ...scenario.fleet, clients } }, flags, env)
  return { ...needsOf(scenario, options, access, flags), clients, fleetJob: fleetJobFor(clients) }
}
