import { inChosen } from '#weir/facts/index.ts'

/** Why a figure cannot be compared, or a run is left out. */
const english = {
  tooFew: (v: { least: number; before: number; after: number }) =>
    `it takes ${v.least} runs on either side: there are ${v.before} and ${v.after}`,
  spread: 'the runs differ among themselves as much',
  leftOut: (v: { run: string; why: string }) => `${v.run}: ${v.why}`,
  tooEarly: 'it ended too early',
  ended: { failed: 'it ended early', interrupted: 'it was interrupted', killed: 'it was killed' },
  tooSlow: 'its machine was too slow',
}

const chinese: typeof english = {
  tooFew: (v) => `两边各需要 ${v.least} 次运行：现有 ${v.before} 次和 ${v.after} 次`,
  spread: '各次运行之间的差异同样大',
  leftOut: (v) => `${v.run}：${v.why}`,
  tooEarly: '过早结束',
  ended: { failed: '提前结束', interrupted: '被中断', killed: '被终止' },
  tooSlow: '其主机太慢',
}

export const GATE_TEXTS = inChosen({ en: english, zh: chinese })
