import { fromRegistry, type LineSwitches } from '../../lines.ts'
import {
  aclName,
  bootstrapUserName,
  dataName,
  MANAGE_CONTAINERS,
  ON_SERVING,
  pluginsConfigName,
} from '../names.ts'
import { licenseSecretName } from '../steps/plugins.ts'
import type { EmqxEnterprise } from '../types.ts'

/** What operators run beside EMQX 4.4. */
export const RELOADER_IMAGE = 'emqx/emqx-operator-reloader:0.0.2'
/** Fields of template.spec that go to the pod as they are. */
const POD_FIELDS = [
  'serviceAccountName',
  'imagePullSecrets',
  'initContainers',
  'ephemeralContainers',
  'nodeSelector',
  'nodeName',
  'affinity',
  'tolerations',
]

function volumes(cr: EmqxEnterprise, line: LineSwitches) {
  const name = cr.metadata.name
  const license = licenseSecretName(cr)
  return [
    ...(line.logVolume ? [{ name: 'emqx-log', emptyDir: {} }] : []),
    ...(cr.spec.persistent ? [] : [{ name: dataName(name), emptyDir: {} }]),
    { name: aclName(name), configMap: { name: aclName(name) } },
    ...(license ? [{ name: 'emqx-license', secret: { secretName: license } }] : []),
    { name: pluginsConfigName(name), configMap: { name: pluginsConfigName(name) } },
    { name: 'bootstrap-user', secret: { secretName: bootstrapUserName(name) } },
    ...(cr.spec.template.spec.volumes ?? []),
  ]
}

function mounts(cr: EmqxEnterprise) {
  const name = cr.metadata.name
  return [
    { name: aclName(name), mountPath: '/mounted/acl' },
    ...(licenseSecretName(cr)
      ? [{ name: 'emqx-license', mountPath: '/mounted/license', readOnly: true }]
      : []),
    { name: pluginsConfigName(name), mountPath: '/mounted/plugins/etc' },
    {
      name: 'bootstrap-user',
      mountPath: '/opt/emqx/data/bootstrap_user',
      subPath: 'bootstrap_user',
      readOnly: true,
    },
  ]
}

/** The pods of a set: EMQX and its reloader. */
export function podTemplate(cr: EmqxEnterprise, line: LineSwitches) {
  const { spec, metadata } = cr.spec.template
  const {
    image,
    emqxConfig: _config,
    emqxACL: _acl,
    bootstrapAPIKeys: _keys,
    ...container
  } = spec.emqxContainer
  const environment = emqxEnvironment(cr, licenseSecretName(cr) !== undefined)
  const common = mounts(cr)
  const dataVolume = cr.spec.persistent?.metadata?.name ?? dataName(cr.metadata.name)
  const extra = spec.extraContainers ?? []
  const managed = ['emqx', 'reloader', ...extra.map((one) => String(one.name))]

  const emqx = {
    ...container,
    name: 'emqx',
    image: emqxImage(cr),
    imagePullPolicy: image?.pullPolicy ?? 'IfNotPresent',
    env: environment,
    volumeMounts: [
      ...(container.volumeMounts ?? []),
      ...(line.logVolume ? [{ name: 'emqx-log', mountPath: '/opt/emqx/log' }] : []),
      { name: dataVolume, mountPath: '/opt/emqx/data' },
      ...common,
    ],
  }
  const reloader = {
    name: 'reloader',
    image: spec.reloaderImage ?? fromRegistry(line, RELOADER_IMAGE),
    imagePullPolicy: image?.pullPolicy ?? 'IfNotPresent',
    args: ['-u', 'admin', '-p', 'public', '-P', '8081'],
    env: environment,
    volumeMounts: common,
  }
  return {
    metadata: {
      labels: { ...metadata?.labels },
      annotations: { ...metadata?.annotations, [MANAGE_CONTAINERS]: managed.join(',') },
    },
    spec: {
      ...Object.fromEntries(POD_FIELDS.flatMap((field) => (field in spec ? [[field, spec[field]]] : []))),
      ...(spec.podSecurityContext && { securityContext: spec.podSecurityContext }),
      ...(line.onServingGate && { readinessGates: [{ conditionType: ON_SERVING }] }),
      containers: [emqx, reloader, ...extra],
      volumes: volumes(cr, line),
    },
  }
}

export interface Variable {
  name: string
  value?: string
}

/** listener.tcp.external is EMQX_LISTENER__TCP__EXTERNAL in EMQX 4. */
const variableName = (key: string) => `EMQX_${key.toUpperCase().replaceAll('.', '__')}`

/** EMQX 4 is configured by its environment; an empty setting has a name and no value. */
function emqxEnvironment(cr: EmqxEnterprise, licensed: boolean): Variable[] {
  const { emqxConfig = {}, env = [] } = cr.spec.template.spec.emqxContainer
  const settings = Object.keys(emqxConfig)
    .sort()
    .map((key): Variable => {
      const value = emqxConfig[key]
      return value ? { name: variableName(key), value } : { name: variableName(key) }
    })
  const files: Variable[] = [
    { name: 'EMQX_ACL_FILE', value: '/mounted/acl/acl.conf' },
    ...(licensed ? [{ name: 'EMQX_LICENSE__FILE', value: '/mounted/license/emqx.lic' }] : []),
    { name: 'EMQX_PLUGINS__ETC_DIR', value: '/mounted/plugins/etc' },
    { name: 'EMQX_MANAGEMENT__BOOTSTRAP_APPS_FILE', value: '/opt/emqx/data/bootstrap_user' },
  ]
  return [...env, ...settings, ...files]
}

function emqxImage(cr: EmqxEnterprise): string {
  const image = cr.spec.template.spec.emqxContainer.image
  const { registry, repository = 'emqx/emqx-ee', prefix = '', version = '', suffix = '' } = image ?? {}
  return `${registry ? `${registry}/` : ''}${repository}:${prefix}${version}${suffix}`
}
