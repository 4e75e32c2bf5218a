import type { ChangesLimit } from '../connection-limit.ts'
import { resources } from '../kubernetes/resources.ts'

interface Licensed {
  spec?: { license?: { secretName?: string; data?: string; stringData?: string } }
}

/** The file in the Secret of a licence. */
const FILE = 'emqx.lic'

/**
 * The number is the licence's, which the pods mount from a Secret of a constant name: another content restarts nothing. A listener's own limit is
 * part of emqxConfig, and so of the pods' template: changing it would replace every pod (docs/contract/operations.md#connections).
 */
export const limitChange: ChangesLimit = (resource, _limit, licence) => {
  const { license } = (resource as Licensed).spec ?? {}
  if (licence === undefined)
    return {
      rule: 'licence-file',
      figures: 'its number of connections is part of its licence: give the new one with --licence-file',
    }
  const { text, sha256 } = licence
  const hash = `sha256:${sha256}`
  if (license?.secretName)
    return {
      resource: resources.secrets,
      name: license.secretName,
      patch: { data: { [FILE]: Buffer.from(text).toString('base64') } },
      shown: { data: { [FILE]: hash } },
    }
  const field = license?.data ? 'data' : license?.stringData ? 'stringData' : undefined
  if (field === undefined)
    return {
      rule: 'licence-secret',
      figures: 'it has no licence in spec.license, and adding one would replace every pod',
    }
  const value = field === 'data' ? Buffer.from(text).toString('base64') : text
  return {
    resource: resources.emqxEnterprises,
    name: resource.metadata.name,
    patch: { spec: { license: { [field]: value } } },
    shown: { spec: { license: { [field]: hash } } },
  }
}
