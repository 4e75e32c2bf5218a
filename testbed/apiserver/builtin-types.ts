import { RBAC_GROUP } from './access/rules.ts'
import { validatingPolicy } from './admission/policy.ts'
import { definitionStrategy } from './crd/strategy.ts'
import * as kinds from './kinds/others.ts'
import { pod } from './kinds/pod.ts'
import * as rbac from './kinds/rbac.ts'
import { deployment, replicaSet, statefulSet } from './kinds/sets.ts'
import type { ResourceType, Strategy } from './resource-type.ts'
import * as cluster from './tables/cluster.ts'
import type { TableShape } from './tables/column.ts'
import { podTable } from './tables/pods.ts'
import { endpointSliceTable, endpointsTable, serviceTable } from './tables/services.ts'
import * as workloads from './tables/workloads.ts'

type Trait = 'all' | 'cluster' | 'status' | 'generation' | 'scale'

const WORKLOAD: readonly Trait[] = ['all', 'status', 'generation', 'scale']
const SCALE = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' }

/**
 * `all`: listed by `kubectl get all`; `cluster`: not namespaced; `status`, `scale`: has the subresource; `generation`:
 * counts changes of the spec.
 */
function builtin(
  group: string,
  plural: string,
  kind: string,
  shortNames: string[],
  traits: readonly Trait[],
  { strategy = {}, table = cluster.plainTable }: { strategy?: Strategy; table?: TableShape } = {},
): ResourceType {
  return {
    group,
    version: 'v1',
    plural,
    singular: kind.toLowerCase(),
    kind,
    listKind: `${kind}List`,
    namespaced: !traits.includes('cluster'),
    shortNames,
    categories: traits.includes('all') ? ['all'] : [],
    bucket: `${group}/${plural}`,
    storageVersion: 'v1',
    custom: false,
    hasStatus: traits.includes('status'),
    hasGeneration: traits.includes('generation'),
    ...(traits.includes('scale') && { scale: SCALE }),
    strategy,
    table,
  }
}

function coreTypes(service: Strategy): ResourceType[] {
  const core = builtin.bind(undefined, '')
  const { namespace, node, endpoints, event, secret, claim } = kinds
  return [
    core('namespaces', 'Namespace', ['ns'], ['cluster', 'status'], {
      strategy: namespace,
      table: cluster.namespaceTable,
    }),
    core('nodes', 'Node', ['no'], ['cluster', 'status'], { strategy: node, table: cluster.nodeTable }),
    core('pods', 'Pod', ['po'], ['all', 'status', 'generation'], { strategy: pod, table: podTable }),
    core('services', 'Service', ['svc'], ['all', 'status'], { strategy: service, table: serviceTable }),
    core('endpoints', 'Endpoints', ['ep'], [], { strategy: endpoints, table: endpointsTable }),
    core('events', 'Event', ['ev'], [], { strategy: event, table: cluster.eventTable }),
    core('secrets', 'Secret', [], [], { strategy: secret, table: cluster.secretTable }),
    core('configmaps', 'ConfigMap', ['cm'], [], { strategy: kinds.configMap, table: cluster.configMapTable }),
    core('serviceaccounts', 'ServiceAccount', ['sa'], []),
    core('persistentvolumes', 'PersistentVolume', ['pv'], ['cluster', 'status']),
    core('persistentvolumeclaims', 'PersistentVolumeClaim', ['pvc'], ['status'], {
      strategy: claim,
      table: workloads.claimTable,
    }),
  ]
}

function workloadTypes(): ResourceType[] {
  const { statefulSetTable, replicaSetTable, controllerRevisionTable } = workloads
  return [
    builtin('apps', 'statefulsets', 'StatefulSet', ['sts'], WORKLOAD, {
      strategy: statefulSet,
      table: statefulSetTable,
    }),
    builtin('apps', 'replicasets', 'ReplicaSet', ['rs'], WORKLOAD, {
      strategy: replicaSet,
      table: replicaSetTable,
    }),
    builtin('apps', 'deployments', 'Deployment', ['deploy'], WORKLOAD, {
      strategy: deployment,
      table: workloads.deploymentTable,
    }),
    builtin('policy', 'poddisruptionbudgets', 'PodDisruptionBudget', ['pdb'], ['status', 'generation'], {
      strategy: kinds.podDisruptionBudget,
    }),
    builtin('apps', 'controllerrevisions', 'ControllerRevision', [], [], { table: controllerRevisionTable }),
    builtin('discovery.k8s.io', 'endpointslices', 'EndpointSlice', [], ['generation'], {
      strategy: kinds.endpointSlice,
      table: endpointSliceTable,
    }),
    builtin('coordination.k8s.io', 'leases', 'Lease', [], []),
  ]
}

function clusterTypes(): ResourceType[] {
  const { roleTable, bindingTable, definitionTable, webhookTable } = cluster
  const roles = (plural: string, kind: string, traits: Trait[], strategy: Strategy, table: TableShape) =>
    builtin(RBAC_GROUP, plural, kind, [], traits, { strategy, table })
  const webhooks = (name: string, strategy: Strategy) =>
    builtin(
      'admissionregistration.k8s.io',
      `${name.toLowerCase()}webhookconfigurations`,
      `${name}WebhookConfiguration`,
      [],
      ['cluster', 'generation'],
      { strategy, table: webhookTable },
    )
  return [
    roles('roles', 'Role', [], rbac.role, roleTable),
    roles('rolebindings', 'RoleBinding', [], rbac.roleBinding, bindingTable),
    roles('clusterroles', 'ClusterRole', ['cluster'], rbac.clusterRole, roleTable),
    roles('clusterrolebindings', 'ClusterRoleBinding', ['cluster'], rbac.clusterRoleBinding, bindingTable),
    builtin(
      'apiextensions.k8s.io',
      'customresourcedefinitions',
      'CustomResourceDefinition',
      ['crd', 'crds'],
      ['cluster', 'status', 'generation'],
      { strategy: definitionStrategy, table: definitionTable },
    ),
    webhooks('Mutating', kinds.mutatingWebhooks),
    webhooks('Validating', kinds.validatingWebhooks),
    ...policyTypes(),
  ]
}

function policyTypes(): ResourceType[] {
  const policy = builtin.bind(undefined, 'admissionregistration.k8s.io')
  return [
    policy(
      'validatingadmissionpolicies',
      'ValidatingAdmissionPolicy',
      [],
      ['cluster', 'generation', 'status'],
      {
        strategy: validatingPolicy,
      },
    ),
    policy('validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding', [], ['cluster']),
  ]
}

/** Every built-in resource that is served, with `service` as the strategy of this server's Services. */
export const builtinTypes = (service: Strategy): ResourceType[] => [
  ...coreTypes(service),
  ...workloadTypes(),
  ...clusterTypes(),
]
