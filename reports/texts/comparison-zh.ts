import type { english } from './comparison-en.ts'

/** The texts of a comparison of runs in Chinese. */
export const chinese: typeof english = {
  changes: { worse: '变差', 'cannot tell': '无法判断', better: '变好', same: '不变' },
  count: (v) => `${v.count} 项${v.change}`,
  headline: (counts) => (counts.length === 0 ? '没有可以比较的数据。' : `${counts.join('，')}。`),
  spread: (v) => `${v.median}（${v.least} 至 ${v.most}）`,
  columns: ['', '数据', '基线', '现在', ''],
  pageColumns: ['变化', '数据', '基线', '现在', '说明'],
  runs: (runs) => `${runs} 次运行`,
  what: (v) =>
    `${v.scenario}，${v.resource}，${v.clients} 个客户端，每秒 ${v.rate} 个：${v.now}与基线的 ${v.base}比较。`,
  leftOut: (run) => `未计入：${run}`,
  heading: (headline) => `与基线比较：${headline}`,
  figures: '数据',
  title: (scenario) => `${scenario}：比较`,
  baseline: '基线',
  now: '现在',
  seconds: '。秒数从更改算起。',
  offline: { title: '离线的客户端', unit: '个客户端' },
  attempts: { title: '一秒内的连接尝试', unit: '次尝试' },
}
