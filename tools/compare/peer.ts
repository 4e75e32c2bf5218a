import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What a peer is asked to do; each is one command line that ends by itself or is ended. */
export interface ConnectTask {
  kind: 'connect'
  port: number
  clients: number
}

export interface PublishTask {
  kind: 'publish'
  port: number
  clients: number
  /** QoS 1 messages over all clients together; the command ends when all are acknowledged. */
  messages: number
  payloadBytes: number
  /** Unacknowledged at once, of each client. */
  inFlight: number
}

export type Task = ConnectTask | PublishTask

/** A program that drives MQTT clients. */
export interface Peer {
  name: string
  /** Why it cannot run here; undefined where it can. May compile it. */
  missing(): Promise<string | undefined>
  /** The command for a task; undefined for one that it cannot do. */
  command(task: Task): string[] | undefined
}

/** Why a program cannot be run by its name; undefined where it can. */
export function notOnPath(name: string): string | undefined {
  for (const directory of (process.env.PATH ?? '').split(delimiter))
    try {
      accessSync(join(directory, name), constants.X_OK)
      return undefined
    } catch {
      // Not here: the next directory may have it.
    }
  return `${name} is not on PATH`
}

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
