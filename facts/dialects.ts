/** The versions of the custom resource that weir reads, as scenarios name them. */
export const DIALECT_NAMES = ['v1beta4', 'v2beta1', 'v3beta1'] as const
export type DialectName = (typeof DIALECT_NAMES)[number]

/** The release lines of the EMQX Operator that testbeds emulate. */
export const EMULATED_LINES = ['2.1.2', '2.2.29', '3.0.0'] as const
export type EmulatedLine = (typeof EMULATED_LINES)[number]
