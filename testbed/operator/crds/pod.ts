import type { Schema } from '../../apiserver/schema/types.ts'
import type { LineSwitches } from '../lines.ts'
import {
  anything,
  boolean,
  list,
  listMap,
  metadata,
  named,
  object,
  string,
  stringMap,
  strings,
} from './shapes.ts'
import { containerPort, resourceRequirements } from './shapes-of-pods.ts'

/** Only later lines insist on a version in the schema; on earlier ones the webhook does. */
const image = (line: LineSwitches) =>
  object(
    {
      prefix: string,
      pullPolicy: { type: 'string', enum: ['Always', 'Never', 'IfNotPresent'], default: 'IfNotPresent' },
      registry: string,
      repository: string,
      suffix: string,
      version: string,
    },
    line.definition === '2.2' ? ['version'] : undefined,
  )

const apiKey = object(
  {
    key: { type: 'string', pattern: '^[a-zA-Z\\d_]+$' },
    secret: { type: 'string', minLength: 3, maxLength: 32 },
  },
  ['key', 'secret'],
)

/** Only later lines give the pods a user of their own. */
const withDefault = (line: LineSwitches, value: unknown): Schema =>
  line.definition === '2.2' ? { ...anything, default: value } : anything

const emqxContainer = (line: LineSwitches): Schema =>
  object({
    args: strings,
    bootstrapAPIKeys: list(apiKey),
    command: strings,
    emqxACL: strings,
    emqxConfig: stringMap,
    env: list(named),
    envFrom: list(anything),
    image: image(line),
    lifecycle: anything,
    livenessProbe: anything,
    ports: listMap(['containerPort', 'protocol'], containerPort),
    readinessProbe: anything,
    resources: resourceRequirements,
    securityContext: withDefault(line, { runAsGroup: 1000, runAsNonRoot: true, runAsUser: 1000 }),
    startupProbe: anything,
    stdin: boolean,
    stdinOnce: boolean,
    terminationMessagePath: string,
    terminationMessagePolicy: string,
    tty: boolean,
    volumeDevices: list(anything),
    volumeMounts: list(anything),
    workingDir: string,
  })

export const podTemplate = (line: LineSwitches): Schema =>
  object({
    metadata,
    spec: object({
      affinity: anything,
      emqxContainer: emqxContainer(line),
      ephemeralContainers: list(anything),
      extraContainers: list(named),
      imagePullSecrets: list(anything),
      initContainers: list(named),
      nodeName: string,
      nodeSelector: stringMap,
      podSecurityContext: withDefault(line, {
        fsGroup: 1000,
        fsGroupChangePolicy: 'Always',
        runAsGroup: 1000,
        runAsUser: 1000,
        supplementalGroups: [1000],
      }),
      ...(line.definition === '2.2' && {
        reloaderImage: { type: 'string', default: 'emqx/emqx-operator-reloader:0.0.2' },
      }),
      serviceAccountName: string,
      tolerations: list(anything),
      volumes: list(named),
    }),
  })
