import type { english } from './charts-en.ts'

/** The charts' titles, notes, and what each shows in words, in Chinese. */
export const chinese: typeof english = {
  titles: {
    connections: {
      title: '各节点的连接数',
      note: '线：客户端的连接。圆圈：抓取的 emqx_live_connections_count；叉：抓取的 emqx_connections_count，它还包括没有客户端的会话。直虚线：节点疏散时，配置的速率所允许的最低连接数。',
    },
    prometheus: {
      title: '各 Pod 的连接数（Prometheus）',
      note: 'Prometheus 的 Graph 页面为通道数显示的内容，它还包括没有客户端的会话：每一步为最后一次抓取的值。',
    },
    rates: {
      title: '一秒内的连接尝试和断开',
      note: '每个点是在该处结束的任意一秒内的最大值：滑动窗口不会掩盖突发。',
    },
    burst: {
      title: '超出允许速率的部分',
      note: '超出配置速率的连接尝试，以及单个节点的断开。每条线低于其虚线时，速率符合要求；最高点是最密集的突发。',
    },
    offline: {
      title: '离线的客户端',
      note: '丢失了连接且尚未重新连接的客户端。',
    },
    membership: {
      title: 'Service 的成员和节点疏散',
      note: '每个 Pod 一行。细线：Pod 的存续时间。上方的条：Service 把客户端发往它。下方的条：其节点的疏散。',
    },
    health: {
      title: '测试端',
      note: 'weir 自身迟滞时会延迟记录事件：超过虚线时，速率和时间不可靠。',
    },
  },
  downtimeTitle: '每次断开的离线时间',
  downtimeNote: '从计划外的断开到同一客户端的下一个 CONNACK 0；百分位数由 HDR 直方图得出。',
  afterLoss: '已丢失的客户端 Pod 的客户端只画到情况已知的时刻。',
  afterLossCounted: '已丢失的客户端 Pod 的客户端只画到情况已知的时刻；红色点线为此后它们的数量。',
  window: '所有图表的时间窗口',
  noScript: '图表需要 JavaScript；每个图表下方有文字说明。',
  chartOf: (title) => `${title}：图表`,
  figuresOf: (title) => `${title}：数据`,
  asTable: '以表格显示数据',
  longest: '最长',
  within: '重新连接所用的时间',
  axis: '没有连接的时间（对数）',
  median: '中位数',
  bar: (v) => `${v.clients} 个客户端：${v.from} 至 ${v.to}`,
  none: '无',
  connections: (v) =>
    `${v.sets}同时连接数的最大值：${v.peaks}。断开：${v.drains}。${v.hasEnd ? '客户端停止时' : '记录结束时'}：${v.ends}。${v.losses}`,
  drain: (v) => `${v.node} 从 ${v.from} 至 ${v.to} 断开 ${v.clients} 次`,
  loss: (v) => `从 ${v.from} 开始，${v.pod} 的 ${v.clients} 个客户端情况未知。`,
  noPrometheus: '没有读取 Prometheus。',
  noPods: 'Prometheus 没有抓取这些 Pod。',
  unknown: '未知',
  values: (v) => `${v.node} 从 ${v.first} 到 ${v.last}，最多 ${v.most}`,
  prometheus: (v) => `${v.expression}，步长 ${v.step} 秒：${v.values}。`,
  sets: (sides) =>
    sides.length === 0
      ? ''
      : `${sides.map(({ isOld, sets }) => `${isOld ? '旧' : '新'}节点属于 ${sets.join('、')}`).join('；')}。`,
  rates: (v) =>
    `一秒内的连接尝试最多 ${v.attempts} 次，断开最多 ${v.evictions} 次。${v.rate === undefined ? '' : `${v.isJudged ? '运行按每秒' : '配置的速率为每秒'} ${v.rate} 个${v.isJudged ? '判定' : ''}。`}`,
  noRates: '运行在速率已知之前结束。',
  burst: (v) =>
    `连接尝试最密集的突发：${v.attempts}，允许 ${v.mostAttempts}；单个节点的断开：${v.evictions}，允许 ${v.mostEvictions}。`,
  noneOffline: '没有客户端丢失连接。',
  offline: (v) => `同时没有连接的客户端最多为 ${v.peak} 个，在 ${v.at}。`,
  open: (clients) => (clients > 0 ? `有 ${clients} 个在记录结束之前没有重新连接。` : ''),
  noReconnect: '没有客户端在丢失连接之后重新连接。',
  percentile: (v) => (v.percentile === 100 ? `最长 ${v.time}` : `${v.percentile}% 在 ${v.time}之内`),
  reconnects: (v) => `重新连接 ${v.count} 次：${v.times}。`,
  serving: (spans) =>
    spans.length === 0
      ? '从未在 Service 中'
      : `在 Service 中：${spans.map(({ from, to }) => `${from} 至 ${to}`).join('，')}`,
  membership: (pods) =>
    pods.length > 0
      ? `${pods.map(({ names, words }) => `${names} ${words}`).join('；')}。`
      : '记录中没有 Pod。',
  scrapes: (v) => `${v.all} 次抓取中有 ${v.failed} 次失败`,
  noHealth: (scrapes) => `记录中没有 weir 自身健康状况的采样；${scrapes}。`,
  health: (v) =>
    `事件循环延迟（p99）最大 ${v.delayMs} ms，计划延迟（p99）最大 ${v.lagMs} ms，丢弃 ${v.dropped} 个事件，${v.scrapes}，内存最多 ${v.mib} MiB。`,
}
