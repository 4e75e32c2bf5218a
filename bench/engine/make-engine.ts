import type { Engine, ShardOutlets } from './engine.ts'
import { LeanShard } from './lean/lean-shard.ts'
import type { ShardSpec } from './shard-spec.ts'

/**
 * The engine that the spec names. The mqtt package, TLS and WebSocket are loaded on demand. Throws WEIR_USAGE for invalid
 * certificates and keys.
 */
export async function makeEngine(spec: ShardSpec, outlets: ShardOutlets): Promise<Engine> {
  if (spec.engine !== 'mqttjs') return new LeanShard(spec, { ...outlets, ...(await dialOf(spec)) })
  const { MqttjsShard } = await import('./mqttjs/mqttjs-shard.ts')
  return new MqttjsShard(spec, outlets)
}

async function dialOf({ transport }: ShardSpec): Promise<Pick<ShardOutlets, 'dial'>> {
  if (!transport || transport.protocol === 'mqtt') return {}
  const { dialFor } = await import('../transport/dial.ts')
  return { dial: dialFor(transport) as NonNullable<ShardOutlets['dial']> }
}
