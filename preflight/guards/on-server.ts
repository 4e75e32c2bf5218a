import { dialects } from '#weir/cluster/dialects/index.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Dialect, DialectName } from '#weir/cluster/types.ts'
import { tagOf } from '#weir/facts/index.ts'
import type { Policy } from './policy.ts'

interface Validation {
  expression: string
  messageExpression: string
}

/** Where a resource has what rules ask for, in CEL. */
interface Expressions {
  /** How many nodes a resource asks for; the operator's own defaults where it says nothing. */
  nodes(of: string): string
  /** The resource is in the middle of an update. */
  updating(of: string): string
  image(of: string): string
  /** Where the resources of nodes stand, in each template that is there. */
  resources(of: string): readonly string[]
  /** The images of a policy, as this resource names them. */
  images(listed: readonly string[]): readonly string[]
}

/** `value`, by default the path itself, where all of `a.b.c` is there, else `otherwise`. `from`: as many parts are there anyway. */
function optional(path: string, otherwise: string, { from = 1, value = path } = {}): string {
  const parts = path.split('.')
  const paths = parts.map((_, i) => parts.slice(0, i + 1).join('.')).slice(from)
  return `(${paths.map((part) => `has(${part})`).join(' && ')} ? ${value} : ${otherwise})`
}

const EMQX_4: Expressions = {
  nodes: (of) => optional(`${of}.spec.replicas`, '3'),
  updating: (of) =>
    `(has(${of}.status) && has(${of}.status.blueGreenUpdateStatus) && ${of}.status.blueGreenUpdateStatus != null)`,
  image: (of) => optional(`${of}.spec.template.spec.emqxContainer.image.version`, "''"),
  resources: (of) => [`${of}.spec.template.spec.emqxContainer.resources`],
  images: (listed) => listed.flatMap((image) => tagOf(image) ?? []),
}

const EMQX_5: Expressions = {
  nodes(of) {
    const replicants = `(has(${of}.spec.replicantTemplate) && ${of}.spec.replicantTemplate != null ? ${optional(`${of}.spec.replicantTemplate.spec.replicas`, '2', { from: 3 })} : 0)`
    return `${optional(`${of}.spec.coreTemplate.spec.replicas`, '2')} + ${replicants}`
  },
  updating(of) {
    const moves = (role: string) => {
      const revision = (which: string) => optional(`${of}.status.${role}NodesStatus.${which}`, "''")
      return `${revision('currentRevision')} != ${revision('updateRevision')}`
    }
    return `(${moves('core')} || ${moves('replicant')})`
  },
  image: (of) => optional(`${of}.spec.image`, "''"),
  resources: (of) =>
    ['coreTemplate', 'replicantTemplate'].map((template) => `${of}.spec.${template}.spec.resources`),
  images: (listed) => listed,
}

/** v2beta1's places, but for what tells that an update is under way. */
const OF_V3: Expressions = {
  ...EMQX_5,
  updating: (of) =>
    `(${optional(`${of}.status.conditions`, 'false', { value: `${of}.status.conditions.exists(c, c.status == 'True' && c.reason == 'RollingUpdate')` })})`,
}

const EXPRESSIONS: Readonly<Record<DialectName, Expressions>> = {
  v1beta4: EMQX_4,
  v2beta1: EMQX_5,
  v3beta1: OF_V3,
}

/** Of resources with one plural the later versions have their version in the name, too. */
function policyName({ resource: { plural, version } }: Dialect): string {
  const first = Object.values(dialects).find(({ resource }) => resource.plural === plural)
  return first?.resource.version === version ? `weir-${plural}` : `weir-${plural}-${version}`
}

/**
 * The rules of a policy that one resource shows by itself, as ValidatingAdmissionPolicies with their bindings, for both kinds of resource:
 * the API server then holds everybody to them, not only weir. A licence that clusters share is no such rule.
 */
export function admissionPolicies(policy: Policy): KubeObject[] {
  const all = Object.values(dialects)
  return [
    ...all.flatMap((dialect) =>
      bound(policyName(dialect), {
        matchConstraints: { resourceRules: [ruleFor([dialect], ['CREATE', 'UPDATE'])] },
        variables: variablesOf(EXPRESSIONS[dialect.id]),
        validations: [
          ...validationsOf(policy, EXPRESSIONS[dialect.id]),
          ...quotaValidations(policy, EXPRESSIONS[dialect.id]),
        ],
      }),
    ),
    ...bound('weir-scale', {
      matchConstraints: { resourceRules: [ruleFor(all, ['UPDATE'], '/scale')] },
      validations: [ofScale(policy)],
    }),
  ]
}

/** A policy and the binding that puts it into force in all namespaces. */
function bound(name: string, spec: object): KubeObject[] {
  const metadata = { name, labels: { 'app.kubernetes.io/managed-by': 'weir' } }
  const apiVersion = 'admissionregistration.k8s.io/v1'
  return [
    { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata, spec: { failurePolicy: 'Fail', ...spec } },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ]
}

/** The collection that an object of `admissionPolicies` belongs to. */
export const collectionOf = ({ kind }: KubeObject) =>
  kind === 'ValidatingAdmissionPolicy' ? resources.admissionPolicies : resources.admissionPolicyBindings

const ruleFor = (of: readonly Dialect[], operations: readonly string[], subresource = '') => ({
  apiGroups: [...new Set(of.map(({ resource }) => resource.group))],
  apiVersions: of.map(({ resource }) => resource.version),
  operations,
  resources: of.map(({ resource }) => `${resource.plural}${subresource}`),
})

/** "kubectl scale" writes a Scale, which shows the replicas that it changes and no other nodes. */
const ofScale = ({ nodes: { most } }: Policy): Validation => ({
  expression: `!has(object.spec.replicas) || object.spec.replicas <= ${most}`,
  messageExpression: `'rule node-count: ' + string(object.spec.replicas) + ' is not from 1 to ${most} nodes'`,
})

const variablesOf = ({ nodes, updating, image }: Expressions) => [
  { name: 'nodes', expression: nodes('object') },
  { name: 'nodesBefore', expression: `oldObject == null ? 0 : ${nodes('oldObject')}` },
  { name: 'updating', expression: `oldObject != null && ${updating('oldObject')}` },
  { name: 'image', expression: image('object') },
  { name: 'imageBefore', expression: `oldObject == null ? '' : ${image('oldObject')}` },
]

/** What is so already stays allowed: a rule that became stricter stops no cluster. */
function validationsOf({ nodes: { most }, images }: Policy, { images: named }: Expressions): Validation[] {
  const refusal = (name: string, figures: string) => `'rule ${name}: ' + ${figures}`
  return [
    {
      expression: `variables.nodes == variables.nodesBefore || (variables.nodes >= 0 && variables.nodes <= ${most})`,
      messageExpression: refusal('node-count', `string(variables.nodes) + ' is not from 1 to ${most} nodes'`),
    },
    {
      expression: `!variables.updating || variables.nodes == variables.nodesBefore`,
      messageExpression: refusal(
        'not-running',
        `'an update is under way, so ' + string(variables.nodesBefore) + ' nodes do not become ' + string(variables.nodes)`,
      ),
    },
    ...(images === undefined
      ? []
      : [
          {
            expression: `variables.image == variables.imageBefore || variables.image in ${JSON.stringify(named(images))}`,
            messageExpression: refusal(
              'image-list',
              `variables.image + ' is none of ${named(images).join(', ')}'`,
            ),
          },
        ]),
  ]
}

/** Resources are those of a quota, to the letter, or as they were, or nobody names any. */
function quotaValidations({ quotas }: Policy, { resources }: Expressions): Validation[] {
  if (quotas === undefined) return []
  const before = resources('oldObject')
  return resources('object').map((now, i) => {
    const isQuota = quotas.map((quota) => `(${has(now, quota)})`).join(' || ')
    const isNone = FIGURES.map((figure) => `${figureAt(now, figure)} == ''`).join(' && ')
    const isSame = FIGURES.map(
      (figure) => `${figureAt(now, figure)} == ${figureAt(before[i]!, figure)}`,
    ).join(' && ')
    return {
      expression: `(${isNone}) || (oldObject != null && ${isSame}) || ${isQuota}`,
      messageExpression: `'rule quota-known: ${now.replace('object.', '')} is none of ${quotas.map(({ name }) => name).join(', ')}'`,
    }
  })
}

const FIGURES = ['requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'] as const
type Figure = (typeof FIGURES)[number]

const figureAt = (resources: string, figure: Figure): string =>
  optional(`${resources}.${figure}`, "''", { value: `string(${resources}.${figure})` })

const has = (now: string, { requests, limits }: NonNullable<Policy['quotas']>[number]): string => {
  const wanted: Record<Figure, string | number> = {
    'requests.cpu': requests.cpu,
    'requests.memory': requests.memory,
    'limits.cpu': limits.cpu,
    'limits.memory': limits.memory,
  }
  return FIGURES.map((figure) => `${figureAt(now, figure)} == '${wanted[figure]}'`).join(' && ')
}
