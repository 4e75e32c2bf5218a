/** What the parts of the testbed share. They communicate through the Kubernetes API only; the one exception is NodeDirectory. */
import type { Socket } from 'node:net'
import type { WeirError } from '#weir/errors/index.ts'
import type { Disturbance, EmulatedLine, LoopHealth } from '#weir/facts/index.ts'

/** The way from the service proxy to the emulated EMQX nodes: no second socket, no copying. */
export interface NodeDirectory {
  /** The node of the pod with this address, if its listeners are open. */
  find(podIp: string): { accept(socket: Socket, port: number): void } | undefined
}

/** A build of the EMQX Operator that runs as a process. */
export interface OperatorProgram {
  /** Its program. */
  binary: string
  /** A folder or a file with its definitions, webhooks, roles and Deployment; the program's own folder when left out. */
  manifests?: string | undefined
}

/** An unpacked EMQX 5 installation whose nodes run as processes. */
export interface EmqxInstallation {
  dir: string
  /** The version of images that it stands for; all of EMQX 5 when left out. */
  version?: string | undefined
}

/** What a testbed's control plane is: weir's emulation, Kubernetes' own programs, or a whole cluster in containers. */
export type TestbedKind = 'embedded' | 'control-plane' | 'kind'

/** As errors and reports call a cluster of each kind. */
export const CLUSTER_NAME: Readonly<Record<TestbedKind, string>> = {
  embedded: 'the embedded cluster',
  'control-plane': 'the cluster of the testbed control-plane',
  kind: 'the kind cluster',
}

/** What Services of type LoadBalancer get from the emulated cloud. */
export interface LoadBalancerOptions {
  /** How many addresses each gets; 1 when left out. */
  addresses?: number | undefined
  /** A host name in place of each address. */
  hostname?: boolean | undefined
  /** None, for ever: a cluster without a cloud. */
  pending?: boolean | undefined
  /** How long a load balancer that is made anew has no address; 1 s when left out. */
  remakeSeconds?: number | undefined
}

export interface EmbeddedOptions {
  /** `embedded` when left out. */
  kind?: TestbedKind
  /** The release line to emulate, or a program. */
  operator: EmulatedLine | OperatorProgram
  /**
   * The operator's pause between passes; default that of the releases: 20 s for v1beta4, 1 s for the others. Reports mention
   * any other.
   */
  pollIntervalSeconds?: number
  /** EMQX's default wait in waiting_health_check; default 60 s. Reports mention any other. */
  healthCheckWaitSeconds?: number
  /** How often the kubelet writes Secrets that pods mount again; default 60 s. Reports mention any other. */
  secretSyncSeconds?: number
  loadBalancer?: LoadBalancerOptions | undefined
  faults: string[]
  seed: number
  /** What runs in EMQX 5 pods, where it is not emulated. */
  emqx?: readonly EmqxInstallation[]
  /** Where kubeconfig and log go. */
  dir: string
  /** Where programs in pods print to; a folder in `dir` when left out. */
  logs?: string
  /** Pods may run this weir, by the image of its name: those of a fleet. Of a kind cluster, which has no other way to it. */
  hasWeirImage?: boolean
  /** A kind cluster of the user's, by its name, instead of one of weir's own. */
  adopt?: string
  /** Process to stop and continue when the fault `starved-generator` is on. */
  harnessPid?: number
}

export interface EmbeddedTestbed {
  /** Path of a kubeconfig that reaches the embedded API server. */
  kubeconfig: string
  pid: number
  /** Resolves, once, when the testbed dies without having been closed; pending for ever otherwise. */
  died: Promise<WeirError>
  /** How the event loop of its process did since the reading before. A loop that is silent is late for as long as it has been silent. */
  health(): LoopHealth
  /** Resolves once the disturbance has begun. Rejects with WEIR_TESTBED where it cannot. */
  disturb(disturbance: Disturbance): Promise<void>
  close(): Promise<void>
}

export type StartEmbedded = (options: EmbeddedOptions) => Promise<EmbeddedTestbed>
