import { CHOSEN, FAILURES, quantile, type Row, rate, share, total } from './panel.ts';

const OPERATIONS = 'writ_graphql_operations_total';
const OPERATION_SECONDS = 'writ_graphql_operation_duration_seconds';
const SHORT = 'operation_type=~"query|mutation"';

export const OVERVIEW: Row = {
  title: 'Overview',
  panels: [
    {
      title: 'Operations',
      description: 'GraphQL operations that end, per second.',
      type: 'stat',
      unit: 'reqps',
      queries: [[rate(OPERATIONS, ''), 'all']],
    },
    {
      title: 'Failed operations',
      description:
        'UNAVAILABLE, TIMEOUT and INTERNAL, of the operations that are not a mistake of the client.',
      type: 'stat',
      unit: 'percentunit',
      redFrom: 0.03,
      queries: [[share(OPERATIONS, '', `code=~"${FAILURES}"`, `code=~"OK|${FAILURES}"`), 'failed']],
    },
    {
      title: 'Duration (p95)',
      description: 'Queries and mutations: 19 of 20 take less.',
      type: 'stat',
      unit: 's',
      redFrom: 2.5,
      queries: [[quantile(0.95, OPERATION_SECONDS, '', SHORT), 'p95']],
    },
    {
      title: 'Replicas',
      description: 'Processes that Prometheus scrapes, by job.',
      type: 'stat',
      unit: 'none',
      queries: [[`sum by (job) (up{job=~"writ-(api|controller)", ${CHOSEN}})`, '{{job}}']],
    },
    {
      title: 'Leaders of the controller',
      description: 'Always one, but for the seconds of a handover.',
      type: 'stat',
      unit: 'none',
      redFrom: 2,
      queries: [[`sum(writ_leader{${CHOSEN}})`, 'leaders']],
    },
    {
      title: 'Alerts that fire',
      description: 'docs/monitoring.md says what each means.',
      type: 'stat',
      unit: 'none',
      redFrom: 1,
      queries: [['count(ALERTS{alertname=~"Writ.+", alertstate="firing"}) or vector(0)', 'firing']],
    },
  ],
};

export const OPERATIONS_ROW: Row = {
  title: 'Operations: traffic, errors, latency',
  panels: [
    {
      title: 'Operations by name',
      description:
        'Names of the playground and of the examples; any other is "other", anonymous ones have none.',
      unit: 'reqps',
      isStacked: true,
      queries: [[rate(OPERATIONS, 'operation_name'), '{{operation_name}}']],
    },
    {
      title: 'Operations by type',
      description:
        'A subscription counts when it ends. "unknown" was refused before its document was parsed.',
      unit: 'reqps',
      isStacked: true,
      queries: [[rate(OPERATIONS, 'operation_type'), '{{operation_type}}']],
    },
    {
      title: 'Operations by code',
      description: 'OK, or the code of the first error: docs/errors.md.',
      unit: 'reqps',
      isStacked: true,
      queries: [[rate(OPERATIONS, 'code'), '{{code}}']],
    },
    {
      title: 'Failed operations by name',
      description: 'The share of UNAVAILABLE, TIMEOUT and INTERNAL of each operation.',
      unit: 'percentunit',
      queries: [
        [
          share(OPERATIONS, 'operation_name', `code=~"${FAILURES}"`, `code=~"OK|${FAILURES}"`),
          '{{operation_name}}',
        ],
      ],
    },
    {
      title: 'Duration of queries and mutations',
      description: 'From the request until the client has the result.',
      unit: 's',
      queries: [0.5, 0.95, 0.99].map((q) => [
        quantile(q, OPERATION_SECONDS, 'operation_type', SHORT),
        `{{operation_type}} p${q * 100}`,
      ]),
    },
    {
      title: 'HTTP requests by status',
      description: 'On all paths. Without a status, the client left before the response began.',
      unit: 'reqps',
      isStacked: true,
      queries: [
        [
          rate('http_server_request_duration_seconds_count', 'http_response_status_code'),
          '{{http_response_status_code}}',
        ],
      ],
    },
    {
      title: 'Duration of HTTP requests (p95)',
      description: 'An event stream counts when it ends.',
      unit: 's',
      queries: [
        [
          quantile(0.95, 'http_server_request_duration_seconds', 'http_request_method'),
          '{{http_request_method}}',
        ],
      ],
    },
    {
      title: 'Size of bodies (p95)',
      description: 'As they were sent, compressed.',
      unit: 'bytes',
      queries: [
        [quantile(0.95, 'http_server_request_body_size_bytes'), 'requests'],
        [quantile(0.95, 'http_server_response_body_size_bytes'), 'responses'],
      ],
    },
  ],
};

export const GUARD: Row = {
  title: 'Reviews and acts',
  panels: [
    {
      title: 'Access reviews by decision',
      description: '"error": the cluster has not answered, and what depends on the review is refused.',
      unit: 'reqps',
      isStacked: true,
      queries: [[rate('writ_access_reviews_total', 'decision'), '{{decision}}']],
    },
    {
      title: 'Access reviews by purpose',
      description: 'Without those that a cache has answered.',
      unit: 'reqps',
      isStacked: true,
      queries: [[rate('writ_access_reviews_total', 'purpose'), '{{purpose}}']],
    },
    {
      title: 'Denied reviews by purpose',
      description: 'Many denials before mutations: users without the right, or somebody who tries.',
      unit: 'percentunit',
      queries: [[share('writ_access_reviews_total', 'purpose', 'decision="denied"'), '{{purpose}}']],
    },
    {
      title: 'Privileged acts',
      description: "Writes with the backend's service account, each after an allowed review, by grant.",
      unit: 'reqps',
      isStacked: true,
      queries: [[rate('writ_privileged_acts_total', 'grant'), '{{grant}}']],
    },
    {
      title: 'Failed privileged acts',
      description: 'The share of failed ones by act. Conflicts, quotas and policies are among the causes.',
      unit: 'percentunit',
      queries: [[share('writ_privileged_acts_total', 'act', 'outcome="failed"'), '{{act}}']],
    },
    {
      title: "Writ's own credentials",
      description: '1 if the API server accepts them, 0 if it refuses them: then the process is not ready.',
      unit: 'none',
      queries: [[`min by (job, pod) (writ_backend_credential_accepted{${CHOSEN}})`, '{{pod}}']],
    },
  ],
};

export const FAIRNESS: Row = {
  title: 'Fairness between users',
  panels: [
    {
      title: 'Queued',
      description: "Calls, and requests, that wait for their user's turn, by scheduler.",
      unit: 'none',
      queries: [[total('writ_scheduler_queued', 'scheduler'), '{{scheduler}}']],
    },
    {
      title: 'Running',
      description: 'Calls, and requests, whose turn it is.',
      unit: 'none',
      queries: [[total('writ_scheduler_running', 'scheduler'), '{{scheduler}}']],
    },
    {
      title: 'Refused',
      description:
        'By "user": one user\'s queue was full. By "process": that of all, and users get UNAVAILABLE.',
      unit: 'reqps',
      queries: [[rate('writ_scheduler_rejected_total', 'scheduler, reason'), '{{scheduler}}: {{reason}}']],
    },
    {
      title: 'Wait for a turn',
      description: 'How long calls, and requests, were queued.',
      unit: 's',
      queries: [0.5, 0.95].map((q) => [
        quantile(q, 'writ_scheduler_wait_seconds', 'scheduler'),
        `{{scheduler}} p${q * 100}`,
      ]),
    },
  ],
};
