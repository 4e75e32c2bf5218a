import type { Peer } from '../peer.ts'
import { bareNode } from './bare-node.ts'
import { emqttBench } from './emqtt-bench.ts'
import { floor } from './floor.ts'
import { mqttjs } from './mqttjs.ts'
import { mqttx } from './mqttx.ts'
import { weir } from './weir.ts'

/** In the order of a table. */
export const peers: readonly Peer[] = [weir, bareNode, mqttjs, emqttBench, mqttx, floor]
