/** The connection generator: MQTT clients by the thousand, and one that checks on the broker. */
import { startFleet as start } from './fleet/start-fleet.ts'
import { startProbe as probe } from './probe/probe.ts'
import { storeData as store } from './stored/store-data.ts'
import type { StartFleet, StartProbe, StoreData } from './types.ts'

export { type ArrivalSchedule, arrivalSchedule, plannedInstantsMs } from './arrivals/schedule.ts'
export { identityOf } from './command/credentials.ts'
export { type Ending, endingTodo, endingWords } from './command/endings.ts'
export type * from './command/flags.ts'
export { checkRequest, runBench } from './command/run-bench.ts'
export { targetsIn } from './command/targets.ts'
export { transportOf } from './command/transport.ts'
export type { Misfit } from './command/wrong-transport.ts'
export { accessBeside, accessOf, assignAccess } from './credentials/access.ts'
export { endSessionsLimitMs } from './engine/end-sessions.ts'
export { targetName } from './engine/lifecycle/targets.ts'
export type { Random, ReconnectPolicy, Wait } from './policies/policy.ts'
export { PRESET_NAMES, PRESETS, type PresetName } from './policies/presets.ts'
export { firstWait, resolvePolicy } from './policies/resolve.ts'
export { LeftOnBroker } from './stored/left-on-broker.ts'
export { type Answering, answering, answeringNamesLast } from './trial/answering.ts'
export { transportTrouble } from './trial/transport-trouble.ts'
export { tryHttp } from './trial/try-http.ts'
export { type ListenerAnswer, type ListenerTrial, tryListener } from './trial/try-listener.ts'
export type * from './types.ts'
export const startFleet: StartFleet = start
export const startProbe: StartProbe = probe
export const storeData: StoreData = store
