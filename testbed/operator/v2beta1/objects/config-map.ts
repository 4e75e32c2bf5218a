import type { ConfigMap } from '#weir/cluster/kubernetes/kinds.ts'
import { configsName } from '../names.ts'
import type { Emqx } from '../types.ts'
import { metadataOf } from './metadata.ts'

/** The file emqx.conf of new pods; pods that run mounted it by subPath and never see a later one. */
export const configMap = (cr: Emqx, text: string): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metadataOf(cr, configsName(cr.metadata.name)),
  data: { 'emqx.conf': text },
})
