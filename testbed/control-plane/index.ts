/** Kubernetes' own control plane as a testbed: see plane.ts. */
export { buildPrograms } from './build/build.ts'
export { enterNamespace } from './namespace.ts'
