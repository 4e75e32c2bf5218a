import type {
  V1MatchResources,
  V1ValidatingAdmissionPolicyBindingSpec,
  V1ValidatingAdmissionPolicySpec,
} from '@kubernetes/client-node'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { ApiError } from '../errors.ts'
import { type FieldError, invalidValue } from '../field-error.ts'
import type { Strategy } from '../resource-type.ts'
import { celWords, compilerWith } from '../schema/cel.ts'
import { celValue } from '../schema/cel-value.ts'
import type { Store } from '../store.ts'
import type { Attempt } from './review.ts'
import { coversLabels, coversWrite } from './webhook.ts'

interface Policy extends KubeObject {
  spec: V1ValidatingAdmissionPolicySpec
}

interface Binding extends KubeObject {
  spec: V1ValidatingAdmissionPolicyBindingSpec
}

const GROUP = 'admissionregistration.k8s.io'
export const POLICIES = `${GROUP}/validatingadmissionpolicies`
export const BINDINGS = `${GROUP}/validatingadmissionpolicybindings`

const compile = compilerWith(['object', 'oldObject', 'request', 'variables'])

/** Throws with the first bound policy that a write does not meet, in the real server's words. Parameters are not supported. */
export function checkPolicies(store: Store, attempt: Attempt): void {
  for (const binding of store.list(BINDINGS) as Binding[]) {
    const { policyName = '', matchResources, validationActions = ['Deny'] } = binding.spec
    const policy = store.get(POLICIES, undefined, policyName) as Policy | undefined
    if (!policy || !validationActions.includes('Deny')) continue
    if (!covers(policy.spec.matchConstraints, attempt, store)) continue
    if (matchResources && !covers(matchResources, attempt, store)) continue
    const why = refusalOf(policy.spec, attempt)
    if (why !== undefined) throw denial(policyName, binding.metadata.name, why, attempt)
  }
}

/** A binding that names no resources is for all of its policy's. */
function covers(match: V1MatchResources | undefined, attempt: Attempt, store: Store): boolean {
  const rules = match?.resourceRules
  return (
    (rules === undefined || coversWrite(rules as never, attempt)) && coversLabels(match ?? {}, attempt, store)
  )
}

function refusalOf(spec: V1ValidatingAdmissionPolicySpec, attempt: Attempt): string | undefined {
  const values = valuesOf(spec, attempt)
  try {
    for (const { expression, message, messageExpression } of spec.validations ?? []) {
      if (evaluate(expression, values) === true) continue
      const said = messageExpression === undefined ? undefined : evaluate(messageExpression, values)
      return typeof said === 'string' && said !== '' ? said : (message ?? `failed expression: ${expression}`)
    }
  } catch (error) {
    return spec.failurePolicy === 'Ignore' ? undefined : `expression resulted in error: ${celWords(error)}`
  }
  return undefined
}

/** What expressions see. A variable is computed when it is asked for. */
function valuesOf(
  { variables = [] }: V1ValidatingAdmissionPolicySpec,
  attempt: Attempt,
): Record<string, unknown> {
  const { object, old, operation, type, subresource } = attempt
  const { name, namespace } = (object ?? old)!.metadata
  const values: Record<string, unknown> = {
    object: object ? celValue(object, undefined) : null,
    oldObject: old ? celValue(old, undefined) : null,
    request: {
      operation,
      name,
      namespace,
      subResource: subresource ?? '',
      resource: { group: type.group, version: type.version, resource: type.plural },
    },
  }
  const computed: Record<string, unknown> = {}
  for (const variable of variables)
    Object.defineProperty(computed, variable.name, {
      enumerable: true,
      get: () => evaluate(variable.expression, values),
    })
  values.variables = computed
  return values
}

function evaluate(text: string, values: Record<string, unknown>): unknown {
  const program = compile(text)
  if (typeof program === 'string') throw new Error(program)
  return program(values)
}

function denial(policy: string, binding: string, why: string, { type, object, old }: Attempt): ApiError {
  const { name } = (object ?? old)!.metadata
  const resource = type.group ? `${type.plural}.${type.group}` : type.plural
  const denied = `ValidatingAdmissionPolicy '${policy}' with binding '${binding}' denied request: ${why}`
  return new ApiError(422, 'Invalid', `${resource} "${name}" is forbidden: ${denied}`, {
    name,
    group: type.group,
    kind: type.plural,
    causes: [{ message: denied }],
  })
}

/** Expressions that this server cannot evaluate are refused when a policy is written, as the real one refuses those that do not compile. */
export const validatingPolicy: Strategy = {
  validate(object) {
    const { variables = [], validations = [] } = (object as Policy).spec
    const wrong = (field: string, text: string | undefined): FieldError[] => {
      const program = text === undefined ? undefined : compile(text)
      return typeof program === 'string' ? [invalidValue(field, text, `compilation failed: ${program}`)] : []
    }
    return [
      ...variables.flatMap(({ expression }, i) => wrong(`spec.variables[${i}].expression`, expression)),
      ...validations.flatMap(({ expression, messageExpression }, i) => [
        ...wrong(`spec.validations[${i}].expression`, expression),
        ...wrong(`spec.validations[${i}].messageExpression`, messageExpression),
      ]),
    ]
  },
}
