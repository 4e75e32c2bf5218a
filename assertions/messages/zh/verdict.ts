import type { verdict as english } from '../verdict.ts'
import { blockerText, clause, disrupted, exit, listed, seconds, when } from './chinese.ts'

const INCONCLUSIVE = '无法判定：'

/** Messages of the verdict as a whole: headline, and findings that judge() changes or cannot compute. */
export const verdict: typeof english = {
  sentences: (sentences) => sentences.join(''),
  clause: ({ sentence }) => clause(sentence),
  whyInconclusive: ({ sentence }) =>
    clause(sentence.startsWith(INCONCLUSIVE) ? sentence.slice(INCONCLUSIVE.length) : sentence),
  inconclusive: ({ why }) => `${INCONCLUSIVE}${clause(why)}。`,
  nothingAsserted: '没有判定任何断言，因此什么也没有证明。',
  open: (v) => {
    const which = `${v.id}${v.others > 0 ? ` 和另外 ${v.others} 项` : ' '}`
    const isNamed = v.sentence.startsWith(INCONCLUSIVE)
    return `没有断言失败，${v.all} 项断言中有 ${v.passed} 项成立，但 ${which}${isNamed ? '' : '无法判定。'}${v.sentence}`
  },
  requested: (v) =>
    `${v.byDefault ? `没有配置速率，因此采用 EMQX Operator 的默认值每秒 ${v.requested} 个` : `资源要求的速率为每秒 ${v.requested} 个`}，但本次运行按每秒 ${v.judged} 个判定。`,
  blocked: (blocker) => `升级受阻：${clause(blockerText(blocker))}。`,
  crashed: (v) =>
    `${when(v.at)}，节点 ${v.node} 崩溃：其容器终止，${exit(v)}，当时有 ${v.clients} 个客户端在线。`,
  alsoFailed: ({ ids }) =>
    ids.length > 5
      ? `失败：${ids.slice(0, 5).join('、')} 以及另外 ${ids.length - 5} 项。`
      : `失败：${ids.join('、')}。`,
  deviatesAsExpected: ({ ids }) => `这是已知偏差 ${ids.join('、')}，与场景的预期相同。`,
  deviatesOtherwise: ({ ids }) => `场景预期偏差 ${ids.join('、')}，但本次运行与之不同。`,
  allHeld: ({ assertions }) => `${assertions} 项断言全部成立。`,
  passed: (v) => {
    const off = v.leftNodes > 0 ? `离开 ${v.leftNodes} 个节点` : ''
    const where = v.newNodes > 0 ? `从 ${v.oldNodes} 个旧节点迁移到 ${v.newNodes} 个新节点` : off || '迁移'
    return `${v.clients} 个客户端经 ${v.evictions} 次断开，在 ${seconds(v.tookNs)}内${where}，每个节点每秒 ${v.rate} 个，与配置相符：${v.assertions} 项断言全部成立。`
  },
  undrained: (v) => {
    const deleted = v.isEvacuated ? '其 Pod 在疏散完成之前被删除' : '其 Pod 被删除时客户端仍在其上'
    const why = v.disruption === undefined ? deleted : `其 Pod ${disrupted(v.disruption)}`
    const others =
      v.others > 0
        ? `；另有 ${v.others} 个节点发生了同样的情况，共${v.isLeast ? '至少' : ''} ${v.total} 个连接`
        : ''
    return `没有遵守 connEvictRate ${v.rate}：${when(v.at)}，节点 ${v.node} 在 ${v.tookSeconds.toFixed(1)} 秒内断开了 ${v.connections} 个连接，因为${why}${others}。`
  },

  unhealthy: ({ isPass, sentence }) =>
    `生成负载的主机未能跟上；按照记录，断言${isPass ? '成立' : '不成立'}：${sentence}`,
  uncertainEnds: ({ ends, all }) =>
    `${all} 个连接中有 ${ends} 个以超时或重置结束，路径停顿和节点本身都可能是原因`,
  uncertainEndsSettle: '请在没有干扰的网络上重新运行。',
  scrapeClock: ({ ns }) =>
    `如果认为抓取的时钟${ns > 0 ? '慢' : '快'} ${seconds(Math.abs(ns))}，抓取就与客户端相符`,
  lateWatches: ({ ns }) => `更改进行之后 ${seconds(ns)}监视连接才报告它，因此其他变化也可能比看起来更早发生`,
  otherwise: ({ why, sentence }) => `${why}。按照记录：${sentence}`,
  stalled: ({ ns, sentence }) =>
    `整个集群有 ${seconds(ns)}没有任何应答，因此通往集群的路径可能停顿。按照记录：${sentence}`,
  parameter: {
    connEvictRate: '断开客户端的速率',
    waits: 'EMQX 的等待时间',
    reconnect: '客户端的重连延迟',
    thresholds: '重平衡的阈值',
  },
  option: {
    connEvictRate: '--rate',
    waits: '--wait-takeover 和 --wait-health-check',
    reconnect: '--reconnect',
    thresholds: '--abs-conn-threshold 和 --rel-conn-threshold',
  },
  unsaid: ({ names, sentence }) => `记录没有说明${listed(names)}应为多少。按照记录：${sentence}`,
  unsaidSettle: ({ options }) => `请使用 ${listed(options)} 重新导入。`,
  scrapesEnd: ({ at, sentence }) => `最后一次抓取在${when(at)}。到那时为止：${sentence}`,
  missingRows: ({ missing, example, sentence }) =>
    `缺少 ${missing} 个客户端事件（${example}），这可能是失败的原因。按照记录：${sentence}`,
  contradiction: ({ why }) => `记录自相矛盾：${why}`,
  processEnded: ({ how, at }) => `${when(at)} weir 的一个进程结束（${clause(how)}）：此后的内容不作判定。`,
  podClocks: ({ ms }) => `客户端 Pod 的时钟精度只有 ${ms.toFixed(1)} ms，足以解释这一结果`,
  podClocksSettle: '请在 Pod 能更快应答 weir 的环境中重新运行。',
  podLost: (v) => `${when(v.at)} ${clause(v.how)}，其 ${v.clients} 个客户端此后的情况未知`,
  podsLost: ({ losses }) => `${losses.join('；')}。`,
  untilLost: ({ losses, sentence }) =>
    `${losses.join('；')}${sentence === undefined ? '' : `。到那时为止：${sentence}`}`,
  eitherWay: ({ losses, sentence }) => `${losses.join('；')}，而结果取决于此。按照记录：${sentence}`,
  podLostSettle: '请重新运行，并使所有客户端 Pod 保持到结束。',
  noChange: '运行在进行任何更改之前结束',
  noChangeSettle: '请让运行进行到更改。',
  cut: ({ why, sentence }) => `${why}。到目前为止：${sentence}`,
  truncated: ({ file, what }) => `记录在升级完成之前被截断（${file}：${what}）`,
  damaged: ({ what }) => `记录已损坏（${what ?? '原因未知'}）`,
  killed: '运行在升级完成之前被终止',
  ended: ({ isInterrupted, reason }) =>
    `运行在升级完成之前${isInterrupted ? '被中断' : '失败'}${reason ? `（${clause(reason)}）` : ''}`,

  changeUnknown: '节点已被替换，但记录没有显示何时进行更改',
  earlyNode: ({ node }) => `${node} 在更改之前已经存在，而其节点组的第一个事件在更改之后`,
  noEarlySet: '记录中没有更改之前的节点组事件',
  clientDid: ({ client, what }) => `${client} ${what}`,
  missing: {
    disconnect: '没有断开就重新连接',
    attempt: '没有尝试连接就收到应答',
    connection: '没有连接就断开',
    outcome: '两次尝试连接之间没有结果',
    connectedBefore: '没有连接就订阅',
    firstAttempt: '没有连接尝试',
    lastOutcome: '尝试连接之后没有结果',
    away: '断开之后没有任何动作',
  },

  unknownAssertion: '没有使用此 ID 的断言',
  unknownAssertionSettle: '请使用生成该记录的 weir 版本判定。',
  unreadable: ({ error }) => `无法将记录读作一次运行：${error ?? '原因未知'}`,
  noParameters: '运行在确定参数之前结束',
  notComputed: ({ error }) => `检查出错：${error ?? '原因未知'}`,
  defectSettle: '请使用完整的记录。如果记录是完整的，这就是 weir 的缺陷：请报告。',
}
