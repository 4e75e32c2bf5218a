import { defineHidden } from '../command.ts'

/** What runs in the pods of `weir run --fleet job`: in no help, because nobody types it. */
export const fleetPod = defineHidden('fleet-pod', async (_words, output) => {
  const { runFleetPod } = await import('#weir/scenarios/fleet-job/pod/main.ts')
  const told = new AbortController()
  const tell = () => told.abort()
  process.on('SIGTERM', tell)
  process.on('SIGINT', tell)
  const log = (line: string) => output.note(line)
  const code = await runFleetPod({ env: output.env, log, signal: told.signal })
  // Clients that have not left in time must not keep the pod.
  process.exit(code)
})
