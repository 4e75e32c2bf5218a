import type uPlot from 'uplot'
import { clock, wallClock } from './clock.ts'
import type { PageData } from './page.ts'

/** A label that follows the cursor of a chart: the time since the trigger, and the wall time. Returns what moves it. */
export function cursorTime({ hasTrigger, originUnixMs }: PageData): (chart: uPlot) => void {
  const label = document.createElement('output')
  label.className = 'cursor-time'
  return (chart) => {
    if (!label.isConnected) chart.over.append(label)
    const { left } = chart.cursor
    label.hidden = left == null || left < 0
    if (left == null || left < 0) return
    const at = chart.posToVal(left, 'x')
    label.textContent = `${clock(at, hasTrigger)} · ${wallClock(originUnixMs + at * 1000)} UTC`
    // On the side of the cursor where there is more room.
    const isRight = left > chart.over.clientWidth / 2
    label.style.left = isRight ? '' : `${left + 6}px`
    label.style.right = isRight ? `${chart.over.clientWidth - left + 6}px` : ''
  }
}
