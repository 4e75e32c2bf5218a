/** Clusters to test against. Only the command line and tests may use this folder: the harness knows a kubeconfig. */
export { buildPrograms, enterNamespace } from './control-plane/index.ts'
export {
  type TestbedState,
  type TestbedUpOptions,
  testbedDown,
  testbedStatus,
  testbedUp,
} from './embedded/detached.ts'
export { startEmbedded } from './embedded/process.ts'
export { claimRunFolder } from './embedded/run-folder.ts'
export type { Fault } from './faults/fault.ts'
export { FAULTS, type FaultName, type Faults, makeFaults } from './faults/index.ts'
export { withOwnImages } from './kind/image/own-names.ts'
export { prepareKind } from './kind/prepare.ts'
export { isEmulatedLine } from './operator/lines.ts'
export { type Refusal, refusalOf } from './operator/refusal.ts'
export type { EmbeddedOptions, EmbeddedTestbed, StartEmbedded, TestbedKind } from './types.ts'
