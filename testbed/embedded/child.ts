/** The testbed's own process. Its options come as the first argument, in JSON. */
import { WeirError } from '#weir/errors/index.ts'
import { LoopProbe } from '#weir/facts/loop-probe.ts'
import type { EmbeddedOptions } from '../types.ts'
import type { Cluster } from './assemble.ts'
import { type ChildMessage, closeMs, FATAL, HEALTH_MS, type ParentMessage } from './messages.ts'

const { detached, ...options } = JSON.parse(process.argv[2] ?? '{}') as EmbeddedOptions & {
  detached?: boolean
}

/** stdout is the log. */
const log = (line: string) => process.stdout.write(`${new Date().toISOString()} ${line}\n`)

const tell = (message: ChildMessage) =>
  new Promise<void>((resolve) => {
    if (process.send === undefined || !process.connected) return resolve()
    process.send(message, undefined, undefined, () => resolve())
  })

function fatal(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof Error && !(error instanceof WeirError)) log(error.stack ?? message)
  log(`${FATAL} ${message.split('\n')[0]}`)
  process.exit(1)
}
process.on('uncaughtException', fatal)
process.on('unhandledRejection', fatal)

let testbed: Cluster | undefined
let assembling: Promise<Cluster> | undefined
const stop = new AbortController()
let closing = false

async function end(exitCode = 0): Promise<void> {
  if (closing) return
  closing = true
  setTimeout(() => process.exit(exitCode), closeMs(options.kind)).unref()
  stop.abort()
  // Containers do not end with this process: what is half made is ended too.
  const made = testbed ?? (options.kind === 'kind' ? await assembling?.catch(() => undefined) : undefined)
  await made?.close()
  process.exit(exitCode)
}
// Terminals, service managers and timeout(1) signal every process of a run: the one that started this one decides when it ends, by
// closing the channel. Before the modules of the cluster are loaded, so that no signal finds the default behaviour.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (!process.connected) end()
  })
let isKept = false
process.on('message', (message: ParentMessage) => {
  if (message.type === 'keep') isKept = true
  if (message.type === 'disturb') void tell(disturbed(message))
})

function disturbed({ id, disturbance }: Extract<ParentMessage, { type: 'disturb' }>): ChildMessage {
  const why = testbed?.disturb ? testbed.disturb(disturbance) : 'this testbed cannot'
  return { type: 'disturbed', id, ...(why !== undefined && { why }) }
}
// Nobody is left to end it: then it ends by itself. A detached testbed too, until it can be found.
process.on('disconnect', () => {
  if (!isKept) end()
})
// The one that started it may have been killed before this process listened.
if (process.connected === false) end()

try {
  assembling =
    options.kind === 'kind'
      ? (await import('../kind/assemble.ts')).assembleKind(options, log, stop.signal)
      : (await import('./assemble.ts')).assemble(options, log)
  testbed = await assembling
  void testbed.died?.then((error) => {
    if (closing) return
    log(`${FATAL} ${error.message}`)
    return end(1)
  })
  log(`ready: ${testbed.kubeconfig}`)
  await tell({ type: 'ready', kubeconfig: testbed.kubeconfig })
  const probe = new LoopProbe()
  // A detached testbed has nobody to report to.
  if (!detached) setInterval(() => void tell({ type: 'health', loop: probe.read() }), HEALTH_MS).unref()
} catch (error) {
  const known = error instanceof WeirError
  const message = error instanceof Error ? error.message : String(error)
  await tell({ type: 'failed', code: known ? error.code : 'WEIR_TESTBED', message })
  fatal(error)
}
