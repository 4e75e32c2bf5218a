/**
 * How likely counts at least as uneven as these are, when each of their events fell on one of the places by a fair
 * draw: the upper tail of χ² with places − 1 degrees of freedom. 1 for fewer than two places or no event.
 */
export function evenSpreadPValue(counts: ArrayLike<number>): number {
  const places = counts.length
  let total = 0
  for (let i = 0; i < places; i++) total += counts[i]!
  if (places < 2 || total === 0) return 1
  const expected = total / places
  let statistic = 0
  for (let i = 0; i < places; i++) statistic += (counts[i]! - expected) ** 2 / expected
  return upperGamma((places - 1) / 2, statistic / 2)
}

/** Q(a, x), the regularised upper incomplete gamma function (Abramowitz and Stegun 6.5.3): series below a + 1, continued fraction above. */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a))
  return x < a + 1 ? Math.max(0, 1 - scale * lowerSeries(a, x)) : scale * upperFraction(a, x)
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < 1_000 && term > sum * 1e-16; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

/** Lentz's method; the fraction never meets a zero denominator for x > a + 1. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = Number.MAX_VALUE
  let d = 1 / b
  let value = d
  for (let n = 1; n < 1_000; n++) {
    const numerator = -n * (n - a)
    b += 2
    d = 1 / (numerator * d + b)
    c = b + numerator / c
    const factor = c * d
    value *= factor
    if (Math.abs(factor - 1) < 1e-15) break
  }
  return value
}

/** P(X ≥ count) of a Poisson variable with this mean: how likely rare, independent accidents make up at least `count`. */
export function chanceOfAtLeast(count: number, mean: number): number {
  return count === 0 ? 1 : 1 - upperGamma(count, mean)
}

/** ln Γ for halves and wholes, by Γ(z + 1) = z·Γ(z) from Γ(1) = 1 and Γ(½) = √π: all that χ² asks for. */
function logGamma(a: number): number {
  let value = Number.isInteger(a) ? 0 : Math.log(Math.PI) / 2
  for (let z = Number.isInteger(a) ? 1 : 0.5; z < a; z++) value += Math.log(z)
  return value
}
