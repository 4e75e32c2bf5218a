/** How released operators differ in an upgrade (docs/contract/operator.md). */
export interface OperatorHabits {
  dialect: 'v1beta4' | 'v2beta1'
  /** Where a client lands from the switch on: v1beta4 of 2.1.3 and later keeps old pods in the Service. */
  landsOn: 'new' | 'any'
  /** Old pods are deleted as their evacuation begins. */
  deletesUndrained: boolean
  /**
   * The pass from which the initial delay counts: the one that lets clients onto new nodes, or the one after that. v1beta4 looks at it in the
   * pass after the switch, v2beta1 in every pass.
   */
  delayCounts: 'from-switch' | 'from-next-pass'
  /** The update counts as begun anew after each deleted pod, so the initial delay comes before every node. */
  delaysEachNode: boolean
  /** A look at the cluster takes so long. */
  passSeconds: number
}

/** By resource and release line. Sources: docs/contract/operator.md, sections "v1beta4 Service", "v1beta4 undrained delete" and "v2beta1 drain". */
export const OPERATORS = {
  'v1beta4@2.1.2': {
    dialect: 'v1beta4',
    landsOn: 'new',
    deletesUndrained: false,
    delayCounts: 'from-switch',
    delaysEachNode: true,
    passSeconds: 0.5,
  },
  'v1beta4@2.2.29': {
    dialect: 'v1beta4',
    landsOn: 'any',
    deletesUndrained: true,
    delayCounts: 'from-next-pass',
    delaysEachNode: false,
    passSeconds: 0.5,
  },
  'v2beta1@2.2.29': {
    dialect: 'v2beta1',
    landsOn: 'new',
    deletesUndrained: false,
    delayCounts: 'from-switch',
    delaysEachNode: false,
    passSeconds: 0.2,
  },
} as const satisfies Record<string, OperatorHabits>

export type OperatorName = keyof typeof OPERATORS
export const OPERATOR_NAMES = Object.keys(OPERATORS) as OperatorName[]
