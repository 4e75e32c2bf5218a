import type { Engine, ShardOutlets } from './engine.ts'
import { LeanShard } from './lean/lean-shard.ts'
import type { ShardSpec } from './shard-spec.ts'

/** The engine that the spec names. The mqtt package is loaded for those who ask for it: a lean fleet does not pay its memory. */
export async function makeEngine(spec: ShardSpec, outlets: ShardOutlets): Promise<Engine> {
  if (spec.engine !== 'mqttjs') return new LeanShard(spec, outlets)
  const { MqttjsShard } = await import('./mqttjs/mqttjs-shard.ts')
  return new MqttjsShard(spec, outlets)
}
