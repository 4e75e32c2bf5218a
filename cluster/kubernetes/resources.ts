import type { Resource } from './types.ts'

/** Objects of this kind live in a namespace. `groupVersion` as in an object's apiVersion: "v1" is the core group. */
function inNamespace(groupVersion: string, kind: string, plural = `${kind.toLowerCase()}s`): Resource {
  const [version = '', group = ''] = groupVersion.split('/').reverse()
  return { group, version, plural, kind, namespaced: true }
}

export const clusterWide = (groupVersion: string, kind: string): Resource => ({
  ...inNamespace(groupVersion, kind),
  namespaced: false,
})

export const resources = {
  namespaces: clusterWide('v1', 'Namespace'),
  nodes: clusterWide('v1', 'Node'),
  pods: inNamespace('v1', 'Pod'),
  services: inNamespace('v1', 'Service'),
  endpoints: inNamespace('v1', 'Endpoints', 'endpoints'),
  events: inNamespace('v1', 'Event'),
  secrets: inNamespace('v1', 'Secret'),
  configMaps: inNamespace('v1', 'ConfigMap'),
  serviceAccounts: inNamespace('v1', 'ServiceAccount'),
  persistentVolumeClaims: inNamespace('v1', 'PersistentVolumeClaim'),
  statefulSets: inNamespace('apps/v1', 'StatefulSet'),
  replicaSets: inNamespace('apps/v1', 'ReplicaSet'),
  deployments: inNamespace('apps/v1', 'Deployment'),
  jobs: inNamespace('batch/v1', 'Job'),
  controllerRevisions: inNamespace('apps/v1', 'ControllerRevision'),
  leases: inNamespace('coordination.k8s.io/v1', 'Lease'),
  endpointSlices: inNamespace('discovery.k8s.io/v1', 'EndpointSlice'),
  customResourceDefinitions: clusterWide('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
  admissionPolicies: {
    ...clusterWide('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy'),
    plural: 'validatingadmissionpolicies',
  },
  admissionPolicyBindings: clusterWide('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding'),
  emqxEnterprises: inNamespace('apps.emqx.io/v1beta4', 'EmqxEnterprise'),
  emqxes: inNamespace('apps.emqx.io/v2beta1', 'EMQX', 'emqxes'),
  emqxesOfV3: inNamespace('apps.emqx.io/v3beta1', 'EMQX', 'emqxes'),
  emqxPlugins: inNamespace('apps.emqx.io/v1beta4', 'EmqxPlugin'),
  rebalances: inNamespace('apps.emqx.io/v2beta1', 'Rebalance'),
  podDisruptionBudgets: inNamespace('policy/v1', 'PodDisruptionBudget'),
  selfSubjectAccessReviews: clusterWide('authorization.k8s.io/v1', 'SelfSubjectAccessReview'),
}
