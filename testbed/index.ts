/** Clusters to test against. Only the command line and tests may use this folder: the harness knows a kubeconfig. */
export {
  type TestbedState,
  type TestbedUpOptions,
  testbedDown,
  testbedStatus,
  testbedUp,
} from './embedded/detached.ts'
export { startEmbedded } from './embedded/start.ts'
export { FAULTS, makeFaults } from './faults/index.ts'
export type { EmbeddedOptions, EmbeddedTestbed, FaultDefinition, Faults, StartEmbedded } from './types.ts'
