import { CHOSEN, CHOSEN_PROCESSES, quantile, type Row, rate, share, total } from './panel.ts';

const REQUESTS = 'writ_kubernetes_requests_total';
const REQUEST_SECONDS = 'writ_kubernetes_request_duration_seconds';
/** Without those whose response begins when there is something to send. */
const PROMPT = 'verb!="watch", resource!="pods/log"';

export const KUBERNETES: Row = {
  title: 'Requests to the Kubernetes API server',
  panels: [
    {
      title: 'Requests by identity',
      description: '"user": with the own token of the user. "backend": with that of Writ.',
      unit: 'reqps',
      isStacked: true,
      queries: [[rate(REQUESTS, 'job, identity'), '{{job}} as {{identity}}']],
    },
    {
      title: 'Requests by verb and resource',
      description: 'The ten most frequent.',
      unit: 'reqps',
      queries: [[`topk(10, ${rate(REQUESTS, 'verb, resource')})`, '{{verb}} {{resource}}']],
    },
    {
      title: 'Requests by code',
      description: '"error": no whole response. "aborted": the operation ended first.',
      unit: 'reqps',
      isStacked: true,
      queries: [[rate(REQUESTS, 'code'), '{{code}}']],
    },
    {
      title: 'Failed requests',
      description: 'The share of 5xx, and of those without a response.',
      unit: 'percentunit',
      redFrom: 0.05,
      queries: [
        [share(REQUESTS, 'job, identity', 'code=~"5..|error"', 'code!="aborted"'), '{{job}} as {{identity}}'],
      ],
    },
    {
      title: 'Refused requests',
      description:
        '401, 403 and 429 by identity. 403 for the backend: a policy, a quota, or a namespace that is no project.',
      unit: 'percentunit',
      queries: [
        [
          share(REQUESTS, 'job, identity', 'code=~"401|403|429"', 'code!="aborted"'),
          '{{job}} as {{identity}}',
        ],
      ],
    },
    {
      title: 'Duration by identity',
      description: 'With the wait for a connection; without watches and followed logs.',
      unit: 's',
      queries: [0.5, 0.95].map((q) => [
        quantile(q, REQUEST_SECONDS, 'job, identity', PROMPT),
        `{{job}} as {{identity}} p${q * 100}`,
      ]),
    },
    {
      title: 'Duration by verb and resource (p95)',
      description: 'The ten slowest.',
      unit: 's',
      queries: [
        [`topk(10, ${quantile(0.95, REQUEST_SECONDS, 'verb, resource', PROMPT)})`, '{{verb}} {{resource}}'],
      ],
    },
    {
      title: 'Connections',
      description: 'Of each pool: connected, and free among them.',
      unit: 'none',
      queries: [
        [
          total('writ_kubernetes_connections', 'job, pool, state', 'state=~"connected|free"'),
          '{{job}} {{pool}}: {{state}}',
        ],
      ],
    },
    {
      title: 'Calls that wait for a connection',
      description: 'More than a few: the pool is too small, or the API server too slow.',
      unit: 'none',
      queries: [[total('writ_kubernetes_connections', 'job, pool', 'state="queued"'), '{{job}} {{pool}}']],
    },
  ],
};

export const MEMORY: Row = {
  title: 'Memory, caches and subscriptions',
  panels: [
    {
      title: 'Memory budget in use',
      description: 'What requests hold, of what they may (WRIT_MEMORY_BYTES).',
      unit: 'percentunit',
      redFrom: 0.9,
      queries: [
        [`writ_memory_budget_used_bytes{${CHOSEN}} / writ_memory_budget_bytes{${CHOSEN}}`, '{{pod}}'],
      ],
    },
    {
      title: 'Refused for want of memory',
      description: 'Reservations for which there was no room, of a user or of all.',
      unit: 'reqps',
      queries: [[rate('writ_memory_budget_rejected_total', 'pod'), '{{pod}}']],
    },
    {
      title: 'Cache hits',
      description: 'The share of look-ups that a cache has answered.',
      unit: 'percentunit',
      queries: [[share('writ_cache_requests_total', 'cache', 'result="hit"'), '{{cache}}']],
    },
    {
      title: 'Cache entries',
      description: 'Each cache has a limit.',
      unit: 'none',
      queries: [[total('writ_cache_entries', 'cache'), '{{cache}}']],
    },
    {
      title: 'Size of caches',
      description: 'About what the entries take, of caches that are limited by it.',
      unit: 'bytes',
      queries: [[total('writ_cache_bytes', 'cache'), '{{cache}}']],
    },
    {
      title: 'Subscriptions, watches and WebSockets',
      description: 'Subscriptions with the same token and selection share a watch.',
      unit: 'none',
      queries: ['subscriptions', 'watches', 'websockets'].map((what) => [
        `sum(writ_${what}{${CHOSEN}})`,
        what,
      ]),
    },
    {
      title: 'Subscriptions that ended, by code',
      description: 'OK: the client left, or there was nothing more to send.',
      unit: 'reqps',
      isStacked: true,
      queries: [[rate('writ_subscriptions_ended_total', 'code'), '{{code}}']],
    },
  ],
};

export const PROCESS: Row = {
  title: 'Processes',
  panels: [
    {
      title: 'Event-loop lag (p99)',
      description: 'A process that is late answers nobody. Since the last scrape.',
      unit: 's',
      redFrom: 0.5,
      queries: [[`nodejs_eventloop_lag_p99_seconds{${CHOSEN_PROCESSES}}`, '{{pod}}']],
    },
    {
      title: 'CPU',
      description: 'Near 1 the event loop is saturated: add replicas.',
      unit: 'none',
      queries: [[`rate(process_cpu_seconds_total{${CHOSEN_PROCESSES}}[$__rate_interval])`, '{{pod}}']],
    },
    {
      title: 'Memory',
      description: 'Of the process, and of the heap in it.',
      unit: 'bytes',
      queries: [
        [`process_resident_memory_bytes{${CHOSEN_PROCESSES}}`, '{{pod}} resident'],
        [`nodejs_heap_size_used_bytes{${CHOSEN_PROCESSES}}`, '{{pod}} heap'],
      ],
    },
    {
      title: 'Garbage collection',
      description: 'The share of the time that it takes.',
      unit: 'percentunit',
      queries: [
        [
          `sum by (pod) (rate(nodejs_gc_duration_seconds_sum{${CHOSEN_PROCESSES}}[$__rate_interval]))`,
          '{{pod}}',
        ],
      ],
    },
    {
      title: 'Open file descriptors',
      description: 'Connections of clients and to the API server are the most of them.',
      unit: 'none',
      queries: [[`process_open_fds{${CHOSEN_PROCESSES}}`, '{{pod}}']],
    },
    {
      title: 'Restarts in the last hour',
      description: 'By the start time of the process.',
      unit: 'none',
      queries: [[`changes(process_start_time_seconds{${CHOSEN_PROCESSES}}[1h])`, '{{pod}}']],
    },
    {
      title: 'Versions',
      description: 'One version, but for a roll-out.',
      unit: 'none',
      queries: [[`count by (job, version) (writ_build_info{${CHOSEN}})`, '{{job}} {{version}}']],
    },
  ],
};

export const CONTROLLER: Row = {
  title: 'Controller',
  panels: [
    {
      title: 'Leader',
      description: '1 for the leader, 0 for the replicas that wait.',
      unit: 'none',
      queries: [[`writ_leader{${CHOSEN}}`, '{{pod}}']],
    },
    {
      title: 'Queued keys',
      description: 'Sessions and schedules that wait for a pass.',
      unit: 'none',
      queries: [[total('writ_workqueue_depth', 'queue'), '{{queue}}']],
    },
    {
      title: 'Keys queued and retried',
      description: 'Retries follow a failed pass.',
      unit: 'reqps',
      queries: [
        [rate('writ_workqueue_adds_total', 'queue'), '{{queue}} queued'],
        [rate('writ_workqueue_retries_total', 'queue'), '{{queue}} retried'],
      ],
    },
    {
      title: 'Wait in the queue',
      description: 'How long keys were queued.',
      unit: 's',
      queries: [0.5, 0.95].map((q) => [
        quantile(q, 'writ_workqueue_wait_seconds', 'queue'),
        `{{queue}} p${q * 100}`,
      ]),
    },
    {
      title: 'Duration of passes',
      description: 'One pass looks after one session or schedule.',
      unit: 's',
      queries: [0.5, 0.95].map((q) => [
        quantile(q, 'writ_workqueue_work_seconds', 'queue'),
        `{{queue}} p${q * 100}`,
      ]),
    },
    {
      title: 'Passes by result',
      description: '"requeued" is to be processed again after a time, "error" has failed.',
      unit: 'reqps',
      queries: [[rate('writ_reconcile_total', 'controller, result'), '{{controller}}: {{result}}']],
    },
    {
      title: 'Writes by act',
      description: 'What the controller writes, by act.',
      unit: 'reqps',
      isStacked: true,
      queries: [[rate('writ_controller_acts_total', 'act'), '{{act}}']],
    },
    {
      title: 'Failed writes',
      description: 'The share of failed ones by act.',
      unit: 'percentunit',
      queries: [[share('writ_controller_acts_total', 'act', 'outcome="failed"'), '{{act}}']],
    },
  ],
};
