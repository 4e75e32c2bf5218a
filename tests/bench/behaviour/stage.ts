import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import type { EngineName, MqttUser, Target } from '#weir/bench/types.ts'
import type { ProtocolVersion } from '#weir/facts/index.ts'
import { type OneShard, type ShardChanges, startShard } from '../support/one-shard.ts'

export type BrokerName = 'mosquitto' | 'rabbitmq' | 'emqx'

/** A broker to play on. */
export interface Stage {
  name: BrokerName
  target: Target
  /** The only user that it lets in, where it can tell. */
  user: MqttUser
  stop(): Promise<void>
}

let run = 0

/** One engine on one broker: what a behaviour is tried on. */
export class Cell {
  readonly engine: EngineName
  readonly stage: Stage
  /** Different for each try, so that one leaves nothing behind for another. */
  readonly tag: string
  readonly #shards: OneShard[] = []
  readonly #witnesses: MqttClient[] = []

  constructor(engine: EngineName, stage: Stage) {
    this.engine = engine
    this.stage = stage
    this.tag = `b${process.pid}-${++run}`
  }

  topic(name: string): string {
    return `${this.tag}/${name}`
  }

  clientId(index = 0): string {
    return `${this.tag}-${index}`
  }

  /** Clients of the engine under test. */
  start(changes: ShardChanges = {}): OneShard {
    const { clients = 1 } = changes
    const { target, user } = this.stage
    const shard = startShard(target.port, {
      engine: this.engine,
      ids: Array.from({ length: clients }, (_, i) => this.clientId(i)),
      targets: [{ ...target, address: target.host }],
      ...user,
      ...changes,
    })
    this.#shards.push(shard)
    return shard
  }

  /** An independent client, to see what the broker does. */
  async witness(protocol: ProtocolVersion, options: IClientOptions = {}): Promise<MqttClient> {
    const client = await connectAsync({
      ...this.stage.target,
      ...this.stage.user,
      protocol: 'mqtt',
      protocolVersion: protocol === '5' ? 5 : 4,
      clientId: `${this.tag}-witness-${this.#witnesses.length}`,
      reconnectPeriod: 0,
      ...options,
    })
    client.on('error', () => undefined)
    this.#witnesses.push(client)
    return client
  }

  /** What clients of the engine called a breach of the protocol; complete after `clear`. */
  get breaches(): string[] {
    return this.#shards.flatMap(({ history }) => Object.keys(history.breaches))
  }

  /** Ends what is left over of a behaviour, failed or not. */
  async clear(): Promise<void> {
    for (const witness of this.#witnesses) witness.end(true)
    await Promise.allSettled(this.#shards.map((shard) => shard.stop()))
  }
}
