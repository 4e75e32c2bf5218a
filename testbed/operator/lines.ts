import type { DialectName, EmulatedLine } from '#weir/facts/index.ts'

/** How the operator's release lines differ, as switches; read in its behaviour and in its recordings. */

export interface LineSwitches {
  line: EmulatedLine
  /** Versions of the resource that it reconciles. All other switches are about v1beta4. */
  serves: readonly DialectName[]
  /** EMQX plugins, in the order in which their resources are made. */
  plugins: readonly string[]
  /** Generation of the custom resource's schema: 2.2 has clusterDomain, users of the pods, counts of connections. */
  definition: '2.1' | '2.2'
  /**
   * How clients get to the pods: `selector` puts the new set's revision into the Service's selector in one step;
   * `endpoints` leaves the Service without a selector and writes every ready pod, old and new, into its Endpoints.
   */
  traffic: 'selector' | 'endpoints'
  /** Pods carry the readiness gate apps.emqx.io/on-serving and the operator sets it. */
  onServingGate: boolean
  /**
   * Scale the old set down at once when no evacuation is known. The status loses an empty list when it is written,
   * so this is the normal path of every upgrade on lines that have it, not an accident.
   */
  escapeHatch: boolean
  /** An evacuation that EMQX refused is not an error. */
  startErrorsIgnored: boolean
  /** Where requests to EMQX go: one pod by port-forward, or any pod behind the headless Service. */
  apiTarget: 'port-forward' | 'headless'
  /** What opening a port-forward costs before each request: measured 60 to 270 ms. */
  portForwardMs: number
  /** reportingComponent of its Events (the source component is the same on all lines). */
  reportingComponent: string
  /** The webhook names the management port of the container, and the dashboard's port in the Service. */
  namesAllPorts: boolean
  /** Pods get an emptyDir for logs. */
  logVolume: boolean
  /** From a scale-down to the next request for the members in the same pass: measured 0.2 to 0.5 s. */
  afterScaleDownMs: number
  /** Where images come from that the operator names itself; the public registry when left out, as for released operators. */
  registry?: string | undefined
}

export const fromRegistry = ({ registry }: LineSwitches, image: string): string =>
  registry === undefined ? image : `${registry}/${image}`

const COMMON_PLUGINS = [
  'emqx_eviction_agent',
  'emqx_node_rebalance',
  'emqx_rule_engine',
  'emqx_retainer',
  'emqx_modules',
]

const LATEST: LineSwitches = {
  line: '2.2.29',
  serves: ['v1beta4', 'v2beta1'],
  plugins: [...COMMON_PLUGINS, 'emqx_schema_registry'],
  definition: '2.2',
  traffic: 'endpoints',
  onServingGate: true,
  escapeHatch: true,
  startErrorsIgnored: true,
  apiTarget: 'headless',
  portForwardMs: 0,
  reportingComponent: 'emqx-controller',
  namesAllPorts: true,
  logVolume: true,
  afterScaleDownMs: 300,
}

export const isEmulatedLine = (line: string): line is EmulatedLine => Object.hasOwn(LINES, line)

export const LINES: Readonly<Record<EmulatedLine, LineSwitches>> = {
  '2.1.2': {
    line: '2.1.2',
    serves: ['v1beta4'],
    plugins: COMMON_PLUGINS,
    definition: '2.1',
    traffic: 'selector',
    onServingGate: false,
    escapeHatch: false,
    startErrorsIgnored: false,
    apiTarget: 'port-forward',
    portForwardMs: 100,
    reportingComponent: '',
    namesAllPorts: false,
    logVolume: false,
    afterScaleDownMs: 0,
  },
  '2.2.29': LATEST,
  // It has v3beta1 alone, to which nothing of the rest applies.
  '3.0.0': { ...LATEST, line: '3.0.0', serves: ['v3beta1'], plugins: [] },
}
