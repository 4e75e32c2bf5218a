import { apiServer } from './api-server.ts'
import type { Check } from './check.ts'
import { clientAddress } from './client-address.ts'
import { crd } from './crd.ts'
import { emqxApi } from './emqx-api.ts'
import { evacuation } from './evacuation.ts'
import { fleetJob } from './fleet-job.ts'
import { kubeconfig } from './kubeconfig.ts'
import { licence } from './licence.ts'
import { machine } from './machine.ts'
import { metrics } from './metrics.ts'
import { mqtt } from './mqtt.ts'
import { operator } from './operator.ts'
import { otherClients } from './other-clients.ts'
import { permissions } from './permissions.ts'
import { pods } from './pods.ts'
import { rates } from './rates.ts'
import { resource } from './resource.ts'
import { scenario } from './scenario.ts'
import { user } from './user.ts'
import { version } from './version.ts'

/** All checks, each after those that it needs. */
export const checks: readonly Check[] = [
  kubeconfig,
  apiServer,
  user,
  crd,
  resource,
  permissions,
  fleetJob,
  scenario,
  operator,
  pods,
  emqxApi,
  evacuation,
  rates,
  version,
  metrics,
  otherClients,
  licence,
  clientAddress,
  mqtt,
  ...machine,
]
