import { RBAC_GROUP } from './access/rules.ts'
import { definitionStrategy } from './crd/strategy.ts'
import * as kinds from './kinds/others.ts'
import { pod } from './kinds/pod.ts'
import * as rbac from './kinds/rbac.ts'
import { deployment, replicaSet, statefulSet } from './kinds/sets.ts'
import type { ResourceType, Strategy } from './resource-type.ts'
import * as cluster from './tables/cluster.ts'
import { bindingTable, roleTable } from './tables/cluster.ts'
import { podTable } from './tables/pods.ts'
import { endpointSliceTable, endpointsTable, serviceTable } from './tables/services.ts'
import type { TableShape } from './tables/shape.ts'
import * as workloads from './tables/workloads.ts'

interface Facts {
  short?: string[]
  inAll?: boolean
  clusterWide?: boolean
  status?: boolean
  generation?: boolean
  scale?: boolean
  strategy?: Strategy
  table?: TableShape
}

const SCALE = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
}

function builtin(group: string, plural: string, kind: string, facts: Facts = {}): ResourceType {
  return {
    group,
    version: 'v1',
    plural,
    singular: kind.toLowerCase(),
    kind,
    listKind: `${kind}List`,
    namespaced: !facts.clusterWide,
    shortNames: facts.short ?? [],
    categories: facts.inAll ? ['all'] : [],
    bucket: `${group}/${plural}`,
    storageVersion: 'v1',
    custom: false,
    hasStatus: facts.status ?? false,
    hasGeneration: facts.generation ?? false,
    ...(facts.scale && { scale: SCALE }),
    strategy: facts.strategy ?? {},
    table: facts.table ?? cluster.plainTable,
  }
}

const ADMISSION = 'admissionregistration.k8s.io'

/** Every built-in resource that is served, with `service` as the strategy of this server's Services. */
export function builtinTypes(service: Strategy): ResourceType[] {
  return [
    builtin('', 'namespaces', 'Namespace', {
      short: ['ns'],
      clusterWide: true,
      status: true,
      strategy: kinds.namespace,
      table: cluster.namespaceTable,
    }),
    builtin('', 'nodes', 'Node', {
      short: ['no'],
      clusterWide: true,
      status: true,
      strategy: kinds.node,
      table: cluster.nodeTable,
    }),
    builtin('', 'pods', 'Pod', {
      short: ['po'],
      inAll: true,
      status: true,
      generation: true,
      strategy: pod,
      table: podTable,
    }),
    builtin('', 'services', 'Service', {
      short: ['svc'],
      inAll: true,
      status: true,
      strategy: service,
      table: serviceTable,
    }),
    builtin('', 'endpoints', 'Endpoints', {
      short: ['ep'],
      strategy: kinds.endpoints,
      table: endpointsTable,
    }),
    builtin('', 'events', 'Event', { short: ['ev'], strategy: kinds.event, table: cluster.eventTable }),
    builtin('', 'secrets', 'Secret', { strategy: kinds.secret, table: cluster.secretTable }),
    builtin('', 'configmaps', 'ConfigMap', { short: ['cm'], table: cluster.configMapTable }),
    builtin('', 'serviceaccounts', 'ServiceAccount', { short: ['sa'] }),
    builtin('', 'persistentvolumeclaims', 'PersistentVolumeClaim', {
      short: ['pvc'],
      status: true,
      strategy: kinds.claim,
      table: workloads.claimTable,
    }),
    builtin('apps', 'statefulsets', 'StatefulSet', {
      short: ['sts'],
      inAll: true,
      status: true,
      generation: true,
      scale: true,
      strategy: statefulSet,
      table: workloads.statefulSetTable,
    }),
    builtin('apps', 'replicasets', 'ReplicaSet', {
      short: ['rs'],
      inAll: true,
      status: true,
      generation: true,
      scale: true,
      strategy: replicaSet,
      table: workloads.replicaSetTable,
    }),
    builtin('apps', 'deployments', 'Deployment', {
      short: ['deploy'],
      inAll: true,
      status: true,
      generation: true,
      scale: true,
      strategy: deployment,
    }),
    builtin('policy', 'poddisruptionbudgets', 'PodDisruptionBudget', {
      short: ['pdb'],
      status: true,
      generation: true,
    }),
    builtin('apps', 'controllerrevisions', 'ControllerRevision', {
      table: workloads.controllerRevisionTable,
    }),
    builtin('discovery.k8s.io', 'endpointslices', 'EndpointSlice', {
      generation: true,
      strategy: kinds.endpointSlice,
      table: endpointSliceTable,
    }),
    builtin('coordination.k8s.io', 'leases', 'Lease'),
    builtin(RBAC_GROUP, 'roles', 'Role', { strategy: rbac.role, table: roleTable }),
    builtin(RBAC_GROUP, 'rolebindings', 'RoleBinding', { strategy: rbac.roleBinding, table: bindingTable }),
    builtin(RBAC_GROUP, 'clusterroles', 'ClusterRole', {
      clusterWide: true,
      strategy: rbac.clusterRole,
      table: roleTable,
    }),
    builtin(RBAC_GROUP, 'clusterrolebindings', 'ClusterRoleBinding', {
      clusterWide: true,
      strategy: rbac.clusterRoleBinding,
      table: bindingTable,
    }),
    builtin('apiextensions.k8s.io', 'customresourcedefinitions', 'CustomResourceDefinition', {
      short: ['crd', 'crds'],
      clusterWide: true,
      status: true,
      generation: true,
      strategy: definitionStrategy,
      table: cluster.definitionTable,
    }),
    builtin(ADMISSION, 'mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', {
      clusterWide: true,
      generation: true,
      strategy: kinds.mutatingWebhooks,
      table: cluster.webhookTable,
    }),
    builtin(ADMISSION, 'validatingwebhookconfigurations', 'ValidatingWebhookConfiguration', {
      clusterWide: true,
      generation: true,
      strategy: kinds.validatingWebhooks,
      table: cluster.webhookTable,
    }),
  ]
}
