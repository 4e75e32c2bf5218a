import type { Schema } from '../../apiserver/schema/types.ts'
import type { LineSwitches } from '../lines.ts'
import {
  anything,
  boolean,
  containerPort,
  fields,
  list,
  listMap,
  metadata,
  named,
  object,
  resourceRequirements,
  string,
  stringMap,
  strings,
} from './shapes.ts'

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
    ...fields(strings, 'args command emqxACL'),
    emqxConfig: stringMap,
    env: list(named),
    ...fields(list(anything), 'envFrom volumeDevices volumeMounts'),
    ...fields(anything, 'lifecycle livenessProbe readinessProbe startupProbe'),
    ...fields(boolean, 'stdin stdinOnce tty'),
    ...fields(string, 'terminationMessagePath terminationMessagePolicy workingDir'),
    bootstrapAPIKeys: list(apiKey),
    image: image(line),
    ports: listMap(['containerPort', 'protocol'], containerPort),
    resources: resourceRequirements,
    securityContext: withDefault(line, { runAsGroup: 1000, runAsNonRoot: true, runAsUser: 1000 }),
  })

export const podTemplate = (line: LineSwitches): Schema =>
  object({
    metadata,
    spec: object({
      affinity: anything,
      ...fields(list(anything), 'ephemeralContainers imagePullSecrets tolerations'),
      ...fields(list(named), 'extraContainers initContainers volumes'),
      nodeName: string,
      serviceAccountName: string,
      nodeSelector: stringMap,
      emqxContainer: emqxContainer(line),
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
    }),
  })
