import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type ClusterKey, claimConnections, type GivenLicence, withdrawClaim } from '#weir/cluster/index.ts'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import { StepFailure } from '../run/endings.ts'
import type { Run } from '../run/run.ts'
import type { Step } from '../types.ts'
import { audited } from './audited.ts'
import { limitPatches } from './limit-patches.ts'
import { writeSetting } from './setting.ts'

type ConnectionsStep = Extract<Step, { action: 'connections' }>

/**
 * Changes how many clients may be connected, in the way that restarts nothing. Of a licence the record has the hash and the limit that EMQX then
 * reports.
 */
export async function changeConnections(run: Run, step: ConnectionsStep, signal: AbortSignal): Promise<void> {
  const { cluster } = run
  if (step.total !== undefined) await race(run, step.most, step.total)
  const licence = await licenceOf(step)
  const before = await limitNow(run)
  const asked = `${step.most} connections${licence ? ` by the licence sha256:${licence.sha256}` : ''}`
  await audited(run, 'connections', asked, async () => {
    const patches = limitPatches(cluster.dialect, await cluster.resource(), step, licence)
    if ('rule' in patches) throw new StepFailure('failed', `rule ${patches.rule}: ${patches.figures}`)
    const { namespace } = cluster
    const objects = patches.map(({ resource, name, shown }) => ({
      via: `${resource.kind} ${namespace}/${name}`,
      shown,
    }))
    signal.throwIfAborted()
    await writeSetting(run, {
      ...{ name: 'connections', value: String(step.most), via: objects[0]!.via },
      async write() {
        // Of several writes none is made that leaves the cluster half changed: what the API server would refuse it refuses before the first.
        for (const { resource, name, patch } of patches.slice(1))
          await cluster.kube.patch(resource, namespace, name, 'merge', patch, { dryRun: true })
        for (const { resource, name, patch } of patches)
          await cluster.kube.patch(resource, namespace, name, 'merge', patch)
      },
    })
    const written = objects.map(({ via, shown }) => `${via}: ${JSON.stringify(shown)}`).join(', ')
    return `${written}, connections ${before ?? 'unknown'} to ${step.most}`
  })
}

/** What EMQX allows before the change, for the audit. */
async function limitNow({ live, cluster }: Run): Promise<number | undefined> {
  const [pod] = live.reachable
  return (
    pod &&
    (
      await cluster
        .emqx(pod)
        .licence()
        .catch(() => undefined)
    )?.most
  )
}

async function licenceOf({ licence, licenceFile }: ConnectionsStep): Promise<GivenLicence | undefined> {
  const text = licenceFile === undefined ? licence : (await readFile(licenceFile, 'utf8')).trim()
  if (text === undefined) return undefined
  return { text, sha256: createHash('sha256').update(text).digest('hex') }
}

/** Two requests at once for what only one can have. The cluster of the run gets it in the end, whichever was first. */
async function race(run: Run, connections: number, total: number): Promise<void> {
  const { cluster } = run
  const rival: ClusterKey = { ...pick(cluster), name: `${cluster.name}-rival` }
  const asks = async (by: string, key: ClusterKey): Promise<boolean> => {
    const request = { what: by, cluster: key, connections, total, others: async () => [] }
    try {
      await claimConnections(cluster.kube, cluster.namespace, request)
      return true
    } catch (error) {
      if (error instanceof WeirError && error.code === 'WEIR_REFUSED') return false
      throw error
    }
  }
  const emit = (by: string, outcome: 'accepted' | 'refused' | 'withdrawn') =>
    run.emit({ type: 'claim', by, outcome, connections, total })
  await audited(run, 'claim', `${connections} of ${total} connections, twice at once`, async () => {
    const [own, other] = await Promise.all([asks('cluster', pick(cluster)), asks('rival', rival)])
    emit('cluster', own ? 'accepted' : 'refused')
    emit('rival', other ? 'accepted' : 'refused')
    if (other) {
      await withdrawClaim(cluster.kube, cluster.namespace, rival)
      emit('rival', 'withdrawn')
    }
    if (!own) emit('cluster', (await asks('cluster', pick(cluster))) ? 'accepted' : 'refused')
    return `cluster ${own ? 'accepted' : 'refused'}, rival ${other ? 'accepted' : 'refused'}`
  }).catch((error: unknown) => {
    throw new StepFailure('failed', `claim: ${messageOf(error)}`, undefined, { cause: error })
  })
}

const pick = ({ dialect, namespace, name }: ClusterKey): ClusterKey => ({ dialect, namespace, name })
