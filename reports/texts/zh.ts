import type { Outcome } from '#weir/assertions/verdict/verdict.ts'
import type { english } from './en.ts'

const OUTCOME: Record<Outcome, string> = { pass: '通过', fail: '失败', inconclusive: '无法判定' }

/** Every text of the reports of one run but the HTML page's own, in Chinese. */
export const chinese: typeof english = {
  outcome: OUTCOME,
  outcomeHeading: (outcome) => OUTCOME[outcome],
  noted: (v) => (v.note ? `${v.value}（${v.note}）` : v.value),
  sentences: (sentences) => sentences.join(''),
  listed: (parts) => parts.join('，'),
  tally: (counts) =>
    counts.map(({ outcome, count }) => `${count} 项${OUTCOME[outcome]}`).join('，') || '没有判定任何断言',
  time: {
    end: '结束',
    forEver: '始终',
    ms: (ms) => `${ms} 毫秒`,
    seconds: (seconds) => `${seconds} 秒`,
    minutes: (v) => `${v.minutes} 分 ${v.seconds} 秒`,
    hours: (v) => `${v.hours} 小时 ${v.minutes} 分`,
  },
  finding: {
    note: (warning) => `注意：${warning}`,
    cause: (title) => `原因：${title}`,
    measured: (v) => `测得：${v.measured}；界限：${v.bound}`,
    settle: (settle) => `解决办法：${settle}`,
    deviation: (id) => `已知偏差：${id}`,
    evidence: (v) => `见 ${v.file}，${v.from} 至 ${v.to}：${v.what}`,
  },
  warnings: {
    killed: (at) => `运行被终止；记录在 ${at} 结束。`,
    cut: (v) => `运行在 ${v.at} ${v.isFailure ? '失败' : '被中断'}${v.reason ? `：${v.reason}` : '。'}`,
  },
  markdown: {
    title: (v) => `## ${v.mark}：weir ${v.title}`,
    note: (warning) => `**注意：** ${warning}`,
    cause: (v) => `**原因：** ${v.title ?? '如上所述。'}由此引起：${v.findings}。见 ${v.link}。`,
    passed: (v) => `${v.all} 项断言中有 ${v.passed} 项通过`,
    columns: ['', '断言', '结论', '测得', '界限'],
    evidence: (v) => `${v.file}，${v.from} 至 ${v.to}：${v.what}`,
    deviation: (id) => `符合已知偏差 ${id}`,
    figures: '数据',
    figureColumns: ['数据', '值', '界限', '余量'],
    messages: '消息',
    messageColumns: [...['', '发送', '确认', '到达', '丢失', '重复', '乱序'], '送达时间（50%、99%、最长）'],
    run: '运行',
    end: (tally) => `${tally}。`,
  },
  junit: {
    measured: (measured) => `测得：${measured}`,
    bound: (bound) => `界限：${bound}`,
    cause: (v) => `原因：${v.title}见 ${v.link}`,
    seeCause: (v) => `${v.title}见 ${v.link}`,
    settle: (settle) => `解决办法：${settle}`,
    evidence: (v) => `证据：${v.file}，${v.from} 至 ${v.to}：${v.what}`,
    causeName: (number) => `原因 ${number}`,
    noteName: (number) => `注意 ${number}`,
  },
  annotations: {
    causeOf: (v) => `${v.title}：${v.findings} 项的原因`,
    see: (link) => `见 ${link}`,
  },
  figures: {
    bound: (v) => `${v.isMost ? '最多' : '至少'} ${v.value}`,
  },
  key: {
    clients: '客户端',
    evictions: '断开次数',
    perClient: (ratio) => `平均每个客户端 ${ratio} 次`,
    attempts: '每秒连接尝试峰值',
    rate: (rate) => `速率为每秒 ${rate}`,
    offline: '离线峰值',
    of: (clients) => `共 ${clients} 个`,
    downtime: '离线时间中位数',
    longest: (time) => `最长 ${time}`,
    messagesLost: '丢失的消息',
    ofAcknowledged: (messages) => `已确认 ${messages} 条`,
    podLost: '有客户端 Pod 丢失',
    lost: '没有重新连接',
    took: '更改用时',
    notDone: '未完成',
    unknown: '未知',
  },
}
