import type { Engine, ShardOutlets } from './engine.ts'
import { LeanShard } from './lean/lean-shard.ts'
import type { ShardSpec } from './shard-spec.ts'

/** The engine that the spec names. */
export function makeEngine(spec: ShardSpec, outlets: ShardOutlets): Engine {
  return new LeanShard(spec, outlets)
}
