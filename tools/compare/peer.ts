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
