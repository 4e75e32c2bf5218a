/** A label at a line, in pixels of the plot. */
export interface Label {
  at: number
  width: number
  /** It chooses its place before the others. */
  isFirst?: boolean
}

export interface Placed {
  left: number
  row: number
}

const ROWS = [0, 1, 2]
const GAP = 4

/**
 * A place for each label beside its line, in one of three rows: none overlaps another, and none crosses another line where that can be
 * helped. Undefined for a line outside the plot, and where no room is left.
 */
export function placeLabels(labels: readonly Label[], plotWidth: number): (Placed | undefined)[] {
  const taken: { row: number; left: number; right: number }[] = []
  const places = new Map<Label, Placed>()
  const inPlot = labels.filter(({ at }) => at >= 0 && at <= plotWidth)
  const inOrder = [...inPlot].sort((a, b) => Number(b.isFirst ?? false) - Number(a.isFirst ?? false))
  for (const label of inOrder) {
    const { at, width } = label
    const sides = [at + GAP, at - GAP - width].filter((left) => left >= 0 && left + width <= plotWidth)
    const free = ROWS.flatMap((row) =>
      sides
        .filter(
          (left) =>
            !taken.some((it) => it.row === row && left < it.right + GAP && it.left < left + width + GAP),
        )
        .map((left): Placed => ({ left, row })),
    )
    const crosses = ({ left }: Placed) =>
      inPlot.some((one) => one !== label && one.at > left && one.at < left + width)
    const place = free.find((one) => !crosses(one)) ?? free[0]
    if (!place) continue
    places.set(label, place)
    taken.push({ row: place.row, left: place.left, right: place.left + width })
  }
  return labels.map((label) => places.get(label))
}
