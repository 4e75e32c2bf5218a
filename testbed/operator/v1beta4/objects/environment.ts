import type { EmqxEnterprise } from '../types.ts'

export interface Variable {
  name: string
  value?: string
}

/** listener.tcp.external is EMQX_LISTENER__TCP__EXTERNAL in EMQX 4. */
const variableName = (key: string) => `EMQX_${key.toUpperCase().replaceAll('.', '__')}`

/** EMQX 4 is configured by its environment; an empty setting has a name and no value. */
export function emqxEnvironment(cr: EmqxEnterprise, licensed: boolean): Variable[] {
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

export function emqxImage(cr: EmqxEnterprise): string {
  const image = cr.spec.template.spec.emqxContainer.image
  const { registry, repository = 'emqx/emqx-ee', prefix = '', version = '', suffix = '' } = image ?? {}
  return `${registry ? `${registry}/` : ''}${repository}:${prefix}${version}${suffix}`
}
