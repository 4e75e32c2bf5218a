import type { KubeObject, ObjectMeta } from '../kubernetes/types.ts'

/** Where the control endpoint of a fleet pod listens, on the pod's own address. */
export const FLEET_PORT = 9465
/** Where a fleet pod finds the run's token, and how its clients connect and who they are. */
export const SECRET_FOLDER = '/etc/weir-fleet'
/** The same of the k-th of its Secrets: where one is too small for all clients, others follow. */
export const secretFolder = (k: number, first = SECRET_FOLDER): string => (k === 0 ? first : `${first}-${k}`)
/** What a Secret has it under. */
export const ACCESS_KEY = 'access'
/** What the Job's pods run: a command of weir's that its help does not list. */
export const POD_COMMAND = 'fleet-pod'
/** The label that the Job controller gives to every pod of a Job. */
export const JOB_LABEL = 'batch.kubernetes.io/job-name'
/** The annotation with which number of the Job a pod is. */
export const INDEX_ANNOTATION = 'batch.kubernetes.io/job-completion-index'
const CONTAINER = 'weir'
/** The user of the image, as in deploy/Dockerfile. */
const USER = 10_001

export interface FleetJobSpec {
  namespace: string
  /** Of the Job and its Secret: no other run has it. */
  name: string
  pods: number
  image: string
  /** Of the busiest pod. */
  clientsEach: number
  /** Everything ends after this at the latest. */
  deadlineSeconds: number
}

/** The pods end by themselves within a minute of silence; an hour is for a look at what they printed. */
const KEPT_SECONDS = 3600
/** Clients have this long to disconnect. */
const GRACE_SECONDS = 30

/** What the Secrets of a Job hold. */
export interface FleetSecrets {
  token: string
  /** How clients connect and who they are, a part for each Secret. */
  access: readonly Buffer[]
}

const secretName = (name: string, k: number): string => (k === 0 ? name : `${name}-${k}`)
const volumeName = (k: number): string => (k === 0 ? 'run' : `run-${k}`)

/**
 * An Indexed Job with one pod for each part of the fleet. A pod that ends is not started again, and the others go on
 * (`backoffLimitPerIndex`, Kubernetes 1.29).
 */
export function jobOf(spec: FleetJobSpec, { access }: Pick<FleetSecrets, 'access'>): KubeObject {
  const secrets = Array.from({ length: Math.max(1, access.length) }, (_, k) => k)
  const { pods, image, clientsEach, deadlineSeconds, name } = spec
  const labels = labelsOf(spec)
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadataOf(spec),
    spec: {
      completionMode: 'Indexed',
      completions: pods,
      parallelism: pods,
      backoffLimitPerIndex: 0,
      podReplacementPolicy: 'Failed',
      activeDeadlineSeconds: deadlineSeconds,
      ttlSecondsAfterFinished: KEPT_SECONDS,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          // Over as many nodes as there are, each of which has its own ports, its own connection tracking and its own network.
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: labels },
            },
          ],
          terminationGracePeriodSeconds: GRACE_SECONDS,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: USER,
            runAsGroup: USER,
            fsGroup: USER,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: CONTAINER,
              image,
              imagePullPolicy: 'IfNotPresent',
              args: [POD_COMMAND],
              workingDir: '/tmp',
              env: [{ name: 'WEIR_POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
              ports: [{ name: 'control', containerPort: FLEET_PORT }],
              // Its last line says why it ended.
              terminationMessagePolicy: 'FallbackToLogsOnError',
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              resources: resourcesFor(clientsEach),
              volumeMounts: [
                ...secrets.map((k) => ({ name: volumeName(k), mountPath: secretFolder(k), readOnly: true })),
                { name: 'tmp', mountPath: '/tmp' },
              ],
            },
          ],
          volumes: [
            ...secrets.map((k) => ({
              name: volumeName(k),
              secret: { secretName: secretName(name, k), defaultMode: 0o440 },
            })),
            { name: 'tmp', emptyDir: {} },
          ],
        },
      },
    },
  }
}

/** The run's token, and how the clients connect and who they are. They belong to the Job, and go with it. */
export function secretsOf(
  spec: FleetJobSpec,
  { uid = '' }: ObjectMeta,
  { token, access }: FleetSecrets,
): KubeObject[] {
  const { name } = spec
  // Without blockOwnerDeletion: that would need a permission on the Job's finalizers.
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: false }
  return Array.from({ length: Math.max(1, access.length) }, (_, k) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...metadataOf(spec), name: secretName(name, k), ownerReferences: [owner] },
    type: 'Opaque',
    data: {
      ...(k === 0 && { token: Buffer.from(token).toString('base64') }),
      ...(access[k] && { [ACCESS_KEY]: access[k].toString('base64') }),
    },
  }))
}

const labelsOf = ({ name }: FleetJobSpec) => ({
  'app.kubernetes.io/name': 'weir-fleet',
  'app.kubernetes.io/instance': name,
  'app.kubernetes.io/managed-by': 'weir',
})

const metadataOf = (spec: FleetJobSpec): ObjectMeta => ({
  name: spec.name,
  namespace: spec.namespace,
  labels: labelsOf(spec),
})

/** What a process takes alone, and each of its clients with its messages (docs/fleet-job.md). */
const PROCESS = { memoryMiB: 160, milliCpus: 250 }
const CLIENT_KIB = 16
const CLIENTS_PER_MILLI_CPU = 40
/** Clients run in as few threads as hold them. */
const MOST_MILLI_CPUS = 1000

/** No limit of CPU: a throttled generator is late. */
export function resourcesFor(clients: number) {
  const memoryMiB = PROCESS.memoryMiB + Math.ceil((clients * CLIENT_KIB) / 1024)
  const wanted = PROCESS.milliCpus + Math.ceil(clients / CLIENTS_PER_MILLI_CPU)
  const milliCpus = Math.min(MOST_MILLI_CPUS, wanted)
  return {
    requests: { cpu: `${milliCpus}m`, memory: `${memoryMiB}Mi` },
    limits: { memory: `${4 * memoryMiB}Mi` },
  }
}
