import type { DialectFacts } from '#weir/facts/index.ts'

/**
 * Whether an operator is one of these released ones of 2.x, both ends among them. One whose version is not known may be, unless it replaces pods
 * one by one, which only later ones do.
 */
export function isReleased(
  { operator, replaces }: Pick<DialectFacts, 'operator' | 'replaces'>,
  least: string,
  most: string,
): boolean {
  if (operator === undefined) return replaces !== 'pods'
  return compare(operator, least) >= 0 && compare(operator, most) <= 0
}

/** By numbers. facts/emqx-version.ts knows EMQX's own versions alone. */
function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  const differing = left!.findIndex((part, i) => part !== (right![i] ?? 0))
  return differing === -1 ? 0 : left![differing]! - (right![differing] ?? 0)
}
