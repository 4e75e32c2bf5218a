import { addresses } from './addresses.ts'
import { causes } from './causes.ts'
import { clients } from './clients.ts'
import { deviations } from './deviations.ts'
import { evictions } from './evictions.ts'
import { logs } from './logs.ts'
import { network } from './network.ts'
import { operations } from './operations.ts'
import { outcome } from './outcome.ts'
import { settings } from './settings.ts'
import { settle, shared } from './shared.ts'
import { sources } from './sources.ts'
import { status } from './status.ts'
import { verdict } from './verdict.ts'

/** Every text in English. Those of another language have its type, so none is missing or superfluous. */
export const english = {
  ...evictions,
  ...clients,
  ...operations,
  ...settings,
  ...network,
  ...outcome,
  ...status,
  ...addresses,
  ...logs,
  sources,
  verdict,
  causes,
  deviations,
  shared,
  settle,
}
