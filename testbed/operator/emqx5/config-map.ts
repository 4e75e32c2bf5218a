import type { ConfigMap } from '#weir/cluster/kubernetes/kinds.ts'
import { configsName, metadataOf } from './names.ts'
import type { Emqx5 } from './types.ts'

/** The file emqx.conf of new pods; pods that run mounted it by subPath and never see a later one. */
export const configMap = (cr: Emqx5, text: string): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metadataOf(cr, configsName(cr.metadata.name)),
  data: { 'emqx.conf': text },
})
