import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ACCESS_KEY, FLEET_PORT, SECRET_FOLDER, secretFolder } from '#weir/cluster/fleet-job/objects.ts'
import { messageOf, usageError } from '#weir/errors/index.ts'
import { unpackAccess } from '../pod-access.ts'
import { FleetPodShards } from './fleet-pod.ts'
import { serveControl } from './serve.ts'

/** A run that has not been heard for so long is over, or cannot be reached: the clients leave. */
const SILENCE_MS = 60_000
/** Before the fleet begins the run may wait for the cluster, or for its other pods. */
const SILENCE_BEFORE_MS = 600_000
const CHECK_MS = 1000
const GRACE_MS = 2000
/** How long the run has to fetch the last messages. */
const LAST_NEWS_MS = 10_000
/** The same after a signal, within which a pod has to end. */
const FAREWELL_MS = 3000

export interface FleetPodOptions {
  env: Readonly<Record<string, string | undefined>>
  log(line: string): void
  /** Ends the pod: SIGTERM. */
  signal: AbortSignal
  /** How long the run may be silent once its fleet has begun; for tests. */
  silenceMs?: number
}

/** Runs one pod of a fleet until its run is over. Returns the exit code. Throws WEIR_USAGE outside of such a pod. */
export async function runFleetPod({
  env,
  log,
  signal,
  silenceMs: afterMs = SILENCE_MS,
}: FleetPodOptions): Promise<number> {
  const host = env.WEIR_POD_IP
  const folder = env.WEIR_FLEET_SECRET ?? SECRET_FOLDER
  const token = secret(folder, 'token')?.toString()
  if (!host || token === undefined)
    throw usageError('fleet-pod runs in the pods that "weir run --fleet job" makes, and nowhere else')
  const parts = accessParts(folder)
  const shards = new FleetPodShards(parts.length > 0 ? unpackAccess(parts) : {})
  let heardMs = performance.now()
  let silenceMs = SILENCE_BEFORE_MS
  const server = await serveControl({
    ...{ host, port: FLEET_PORT, token, shards },
    heard: () => {
      heardMs = performance.now()
      if (shards.hasBegun) silenceMs = afterMs
    },
  })
  log(`weir fleet pod: listening on ${host}:${FLEET_PORT}`)
  const silent = Promise.withResolvers<'silent'>()
  const checking = setInterval(
    () => {
      if (performance.now() - heardMs > silenceMs) silent.resolve('silent')
    },
    Math.min(CHECK_MS, afterMs / 4),
  )
  const told = new Promise<'told'>((resolve) => {
    signal.addEventListener('abort', () => resolve('told'))
    if (signal.aborted) resolve('told')
  })
  const died = shards.ended.then(
    () => 'ended' as const,
    (error: unknown) => {
      log(`weir: ${messageOf(error)}`)
      return 'died' as const
    },
  )
  const how = await Promise.race([died, told, silent.promise])
  clearInterval(checking)
  if (how === 'told') shards.say({ type: 'died', what: 'it was told to end (SIGTERM)' })
  if (how === 'silent') {
    log(`weir: nothing was heard of the run for ${silenceMs / 1000} s: the clients leave`)
    await leave(shards, SILENCE_MS)
  } else if (how === 'told') {
    await emptied(shards, shards.hasBegun ? FAREWELL_MS : 0)
    await leave(shards, GRACE_MS + FAREWELL_MS)
  } else await emptied(shards, LAST_NEWS_MS, signal)
  server.closeAllConnections()
  server.close()
  return how === 'ended' ? 0 : 1
}

/** Every client disconnects; what has not within the limit is left as it is. */
async function leave(shards: FleetPodShards, limitMs: number): Promise<void> {
  shards.leave(GRACE_MS)
  await Promise.race([shards.ended, sleep(limitMs, undefined, { ref: false })]).catch(() => undefined)
}

/** Until the run has everything. A signal says that it wants nothing more. */
async function emptied({ outbox }: FleetPodShards, limitMs: number, signal?: AbortSignal): Promise<void> {
  const endMs = performance.now() + limitMs
  while (!outbox.isEmpty && performance.now() < endMs && !signal?.aborted) await sleep(50)
}

/** What the Secrets have of the clients: the first, and those beside it. */
function accessParts(folder: string): Buffer[] {
  const parts: Buffer[] = []
  for (
    let part = secret(folder, ACCESS_KEY);
    part;
    part = secret(secretFolder(parts.length, folder), ACCESS_KEY)
  )
    parts.push(part)
  return parts
}

/** What the Secret has under this name; undefined for nothing. */
function secret(folder: string, name: string): Buffer | undefined {
  try {
    return readFileSync(join(folder, name))
  } catch {
    return undefined
  }
}
