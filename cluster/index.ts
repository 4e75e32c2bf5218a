/** The system under test: Kubernetes objects, EMQX's HTTP API, the metrics of each pod. */

export type { Address, WayIn } from './client-addresses.ts'
export {
  type ClaimRequest,
  claimConnections,
  type OtherLimit,
  overTotal,
  readClaims,
  releaseClaim,
  withdrawClaim,
} from './connection-claims.ts'
export type { GivenLicence, LimitChange, NoLimitChange } from './connection-limit.ts'
export {
  type Discovery,
  discover,
  type Finding,
  type MetricsFound,
  type ServiceFound,
} from './discover/index.ts'
export { findOperator, isNewerLine } from './discover/operator.ts'
export { findUnderWay } from './discover/under-way.ts'
export { EmqxApiError } from './emqx/api-error.ts'
export { rebalanceBody } from './emqx/rebalances.ts'
export type { RebalanceRequest } from './emqx/version-api.ts'
export { serverName } from './failure.ts'
export { ownImage } from './fleet-job/fleet-job.ts'
export { filesOf } from './kubernetes/kubeconfig-files.ts'
export { KubeApiError } from './kubernetes/types.ts'
export { type Leftovers, leftoversOf } from './leftovers.ts'
export { type FollowedLog, followLog } from './logs/follow-log.ts'
export { type ClusterLogs, gatherLogs, type LogsOfCluster } from './logs/gather.ts'
export { type LogLine, type LogTarget, logPath } from './logs/log-request.ts'
export {
  askedAnnotations,
  externalService,
  externalServiceName,
  externalServicePatch,
  type ServiceExposure,
  servingPods,
} from './network/external-service.ts'
export { type Listener, listenersOf } from './network/listeners.ts'
export { insideAddresses, outsideAddresses, type TriedAddress } from './network/outside.ts'
export { resolvePorts, type WantedPort } from './network/resolve-ports.ts'
export { type OperatorState, readOperator } from './observe/operator.ts'
export { openCluster } from './open.ts'
export { holdLease, type LeaseOptions, type OperationLease, refuseWhileHeld } from './operation-lease.ts'
export { limitsOfOthers } from './other-limits.ts'
export {
  type Interference,
  isInterference,
  type Permission,
  permissionsFor,
  permissionText,
  type Reviewed,
  reviewPermissions,
} from './permissions/index.ts'
export { nameTakenBy, readProjects, transferTo } from './projects.ts'
export {
  type PrometheusAddress,
  type PrometheusCredentials,
  readPrometheusAddress,
} from './prometheus/address.ts'
export { checkPrometheus, type PrometheusApi, PrometheusError, prometheusApi } from './prometheus/api.ts'
export { scrapeConfig } from './prometheus/scrape-config.ts'
export { scrapedQuery, scrapesOf } from './prometheus/scraped.ts'
export {
  awaitsFirstLook,
  hasEnded,
  type RebalanceResource,
  type RebalanceWay,
  readRebalancePhase,
  rebalanceName,
  rebalanceObject,
  rebalancesUnderWay,
  rebalanceWay,
} from './rebalance-resource.ts'
export { type ClusterKey, registryKey } from './registry.ts'
export { impersonationOf } from './role.ts'
export { linesText, noneServed, servedVersions } from './served-versions.ts'
export { forgetSizes, rememberedSizes, rememberSizes, stoppedConfigMap } from './stopped-sizes.ts'
export type * from './types.ts'
