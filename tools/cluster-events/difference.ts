import type { Line } from './timeline.ts'

/**
 * same: in both, in order. elsewhere: in both, but not in this order. only: in one run alone.
 * `left` and `right` are seconds after the trigger.
 */
export interface Row {
  kind: 'same' | 'elsewhere' | 'only'
  text: string
  left?: number
  right?: number
}

/** Both timelines in one, along their longest common order. */
export function differenceOf(left: readonly Line[], right: readonly Line[]): Row[] {
  const lengths = commonLengths(left, right)
  const [inLeft, inRight] = [counted(left), counted(right)]
  const lonely = (text: string): Row['kind'] =>
    inLeft.get(text) === inRight.get(text) ? 'elsewhere' : 'only'
  const rows: Row[] = []
  for (let l = 0, r = 0; l < left.length || r < right.length; ) {
    const [mine, other] = [left[l], right[r]]
    if (mine !== undefined && mine.text === other?.text) {
      rows.push({ kind: 'same', text: mine.text, left: mine.seconds, right: other.seconds })
      l++
      r++
    } else if (other === undefined || (mine !== undefined && lengths[l + 1]![r]! >= lengths[l]![r + 1]!)) {
      rows.push({ kind: lonely(mine!.text), text: mine!.text, left: mine!.seconds })
      l++
    } else {
      rows.push({ kind: lonely(other.text), text: other.text, right: other.seconds })
      r++
    }
  }
  return rows
}

/** The length of the longest common order of what follows each pair of places. */
function commonLengths(left: readonly Line[], right: readonly Line[]): Uint32Array[] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1))
  for (let l = left.length - 1; l >= 0; l--)
    for (let r = right.length - 1; r >= 0; r--)
      lengths[l]![r] =
        left[l]!.text === right[r]!.text
          ? lengths[l + 1]![r + 1]! + 1
          : Math.max(lengths[l + 1]![r]!, lengths[l]![r + 1]!)
  return lengths
}

function counted(lines: readonly Line[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { text } of lines) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}
