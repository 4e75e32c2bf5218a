import { pluginResourceName } from '../names.ts'
import type { EmqxEnterprise, EmqxPlugin } from '../types.ts'
import { metadataOf } from './metadata.ts'

export function emqxPlugin(cr: EmqxEnterprise, plugin: string): EmqxPlugin {
  return {
    apiVersion: 'apps.emqx.io/v1beta4',
    kind: 'EmqxPlugin',
    metadata: metadataOf(cr, pluginResourceName(cr.metadata.name, plugin)),
    spec: { pluginName: plugin, selector: { ...cr.metadata.labels }, config: {} },
  }
}
