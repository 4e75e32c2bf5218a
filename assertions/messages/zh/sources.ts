import type { sources as english } from '../sources.ts'
import { when } from './chinese.ts'

const prometheus = ({ every }: { every: number }) => `每 ${every} 秒抓取一次的 Prometheus `

/** What the scrapes of a Prometheus add to a finding. */
export const sources: typeof english = {
  same: (v) => `${prometheus(v)}${v.isOpen ? '也无法显示这一点' : '显示的结果相同'}。`,
  otherOpen: (v) => `${prometheus(v)}无法显示这一点：${v.why}。`,
  ownOpen: (v) => `只有${prometheus(v)}显示这一点；weir 自己的抓取没有显示：${v.why}。`,
  alone: ({ every, isOpen }) =>
    `${isOpen ? '只读取了 Prometheus' : '仅由 Prometheus 显示'}，它每 ${every} 秒抓取一次。`,
  coarser: (v) => `${prometheus(v)}${v.holds ? '没有显示这一点' : '显示的结果不同'}：${v.sentence}`,
  finer: (v) =>
    `以上由${prometheus(v)}显示；weir 每 ${v.ownEvery} 秒一次的抓取${v.holds ? '没有显示这一点' : '显示的结果不同'}：${v.sentence}`,
  disagree: (v) =>
    `两个来源不一致：${when(v.at)} ${v.node} 的 ${v.metric} 按 Prometheus 为 ${v.other}，按 weir 的抓取为 ${v.own}。按 weir 的抓取，断言${v.holds ? '成立' : '不成立'}：${v.sentence}。按 Prometheus：${v.otherSentence}`,
  disagreeSettle: '请检查两个来源的抓取目标：其中一个抓取了其他 Pod。',
  otherBlind: (v) => `weir 的抓取显示失败，而${prometheus(v)}在那段时间没有每个 Pod 的读数：${v.sentence}`,
  ownBlind: (v) => `${prometheus(v)}显示失败，而 weir 的抓取在那段时间没有每个 Pod 的读数：${v.sentence}`,
  blindSettle: '请重新运行，且抓取不能失败。',
  unread: (v) => `Prometheus 没有显示任何内容：${v.why}。`,
  allFailed: (v) => `对 Prometheus 的 ${v.scrapes} 次抓取全部失败：请查看其 Status 下 Targets 页面中的错误`,
  nothingRecorded: '记录中没有 Prometheus 的内容',
  nothingElse: (v) => `没有抓取 Pod，而 Prometheus 没有显示任何内容：${v.why}`,
  nothingElseSettle: '请修复 Prometheus，或去掉 --no-scrape。',
}
