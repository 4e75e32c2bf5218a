import type { Task } from '../peer.ts'

/** The words of the peers that are here only to be compared: `connect PORT CLIENTS` and `publish PORT CLIENTS …`. */
export function taskWords(task: Task): string[] {
  if (task.kind === 'connect') return ['connect', String(task.port), String(task.clients)]
  const { port, clients, messages, payloadBytes, inFlight } = task
  return ['publish', ...[port, clients, messages, payloadBytes, inFlight].map(String)]
}

/** The flags that all MQTT load tools took over from each other: where to, how many, as fast as they connect. */
export function commonFlags({ port, clients }: Task): string[] {
  return ['-h', '127.0.0.1', '-p', String(port), '-c', String(clients), '-i', '0', '-k', '60']
}
