import { inChosen } from '#weir/facts/index.ts'
import type { RunState } from './list-runs.ts'

/** The words of the pages of `weir serve` that are no report. */
const english = {
  runs: 'Runs',
  none: 'There are no runs in this folder.',
  noRecord: 'No record',
  states: {
    pass: 'pass',
    fail: 'fail',
    inconclusive: 'inconclusive',
    'under way': 'under way',
    ended: 'ended',
    'not judged': 'not judged',
    broken: 'broken',
  } satisfies Record<RunState, string>,
  figure: (v: { title: string; value: string }) => `${v.title}: ${v.value}`,
  judging: 'The run has ended and is being judged.',
  goesOn: 'The run goes on.',
  silent: (seconds: number) =>
    `The run did not end, and has written nothing for ${seconds} s: it was killed, or it hangs. `,
  noVerdict: 'There is no verdict: "weir check" makes one.',
  unread: (why: string) => `The record cannot be read: ${why}`,
  tooLarge: ' Its record is too large to be drawn before its end.',
}

const chinese: typeof english = {
  runs: '运行',
  none: '此文件夹中没有运行。',
  noRecord: '没有记录',
  states: {
    pass: '通过',
    fail: '失败',
    inconclusive: '无法判定',
    'under way': '正在进行',
    ended: '已结束',
    'not judged': '尚未判定',
    broken: '已损坏',
  },
  figure: (v) => `${v.title}：${v.value}`,
  judging: '运行已结束，正在判定。',
  goesOn: '运行正在进行。',
  silent: (seconds) => `运行没有结束，且 ${seconds} 秒没有写入任何内容：它已被终止或停滞。`,
  noVerdict: '没有结论：请运行 weir check。',
  unread: (why) => `无法读取记录：${why}`,
  tooLarge: '其记录太大，结束之前无法绘制。',
}

export const SERVE_TEXTS = inChosen({ en: english, zh: chinese })
