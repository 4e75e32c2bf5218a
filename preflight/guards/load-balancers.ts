import { isDeepStrictEqual } from 'node:util'
import Type, { type Static } from 'typebox'

const closed = { additionalProperties: false }
const count = (description: string) => Type.Integer({ minimum: 0, description })

/** The key of a policy that says which load balancer a cluster gets, by its number of connections. */
export const LOAD_BALANCER_KEYS = {
  loadBalancers: Type.Optional(
    Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1 }),
          connections: Type.Object(
            { from: count('Inclusive.'), to: count('Inclusive.') },
            { ...closed, description: 'Numbers of connections that it is for.' },
          ),
          enabled: Type.Boolean({ default: true }),
          annotations: Type.Record(Type.String({ minLength: 1 }), Type.String(), {
            description: "Those of the cloud, on the cluster's Service.",
          }),
        },
        closed,
      ),
      {
        maxItems: 100,
        description:
          'Annotations of a Service of type LoadBalancer, by the number of connections; the oldest come first, and the first that is enabled and matches holds.',
      },
    ),
  ),
}

const LoadBalancers = Type.Object(LOAD_BALANCER_KEYS)
export type LoadBalancers = Static<typeof LoadBalancers>
type Rule = NonNullable<LoadBalancers['loadBalancers']>[number]

/** What the schema cannot say of these rules: the first thing that is wrong, or undefined. */
export function wrongLoadBalancers({ loadBalancers = [] }: LoadBalancers): string | undefined {
  for (const [index, { name, connections }] of loadBalancers.entries()) {
    const { from, to } = connections
    if (from > to) return `loadBalancers.${index}: ${name} is for ${from} to ${to} connections, which is none`
    if (loadBalancers.findIndex((rule) => rule.name === name) < index)
      return `loadBalancers.${index}: there is another rule ${name}`
  }
  return undefined
}

const ruleFor = ({ loadBalancers = [] }: LoadBalancers, connections: number): Rule | undefined =>
  loadBalancers.find(
    ({ enabled, connections: { from, to } }) => enabled && from <= connections && connections <= to,
  )

/** The annotations that a Service of type LoadBalancer has, for a cluster with so many connections; none where no rule matches. */
export const annotationsFor = (policy: LoadBalancers, connections: number): Record<string, string> => ({
  ...ruleFor(policy, connections)?.annotations,
})

/** What another number of connections does to a load balancer. */
export interface RuleChange {
  /** Names of the rules before and after; undefined where none matches. */
  from: string | undefined
  to: string | undefined
  /** The annotations to write; null removes one. Empty where both rules say the same: then nothing is written, and the address stays. */
  annotations: Record<string, string | null>
}

/** Undefined where the policy has no rules, so that nothing is known. */
export function ruleChange(policy: LoadBalancers, from: number, to: number): RuleChange | undefined {
  if (policy.loadBalancers === undefined) return undefined
  const [before, after] = [annotationsFor(policy, from), annotationsFor(policy, to)]
  const removed = Object.fromEntries(Object.keys(before).map((key) => [key, null]))
  return {
    from: ruleFor(policy, from)?.name,
    to: ruleFor(policy, to)?.name,
    annotations: isDeepStrictEqual(before, after) ? {} : { ...removed, ...after },
  }
}

const named = (rule: string | undefined) => (rule === undefined ? 'no rule' : `the rule "${rule}"`)

/** What becomes of the address, as a clause: "it goes on to match the rule "small": the address stays". */
export function ruleChangeText({ from, to, annotations }: RuleChange, connections: number): string {
  const keys = Object.keys(annotations)
  if (keys.length > 0)
    return `with ${connections} connections ${named(to)} of loadBalancers matches in place of ${named(from)}, which changes ${keys.join(', ')}: the address will probably change`
  return from === to
    ? `with ${connections} connections it goes on to match ${named(from)} of loadBalancers: the address stays`
    : `with ${connections} connections ${named(to)} of loadBalancers matches in place of ${named(from)}, with the same annotations: the address stays`
}
