/** Replaces `find`, which occurs as often as said, or once. */
interface Edit {
  find: string | RegExp;
  replace: string;
  times?: number;
}

/** Where values change a manifest, by its path below deploy/. */
const EDITS: Record<string, Edit[]> = {
  'system/namespace.yaml': [keep()],
  'system/service-accounts.yaml': [serviceAccountAnnotations('api'), serviceAccountAnnotations('controller')],
  'crds/agenticsessions.yaml': [keep(), unless('.Values.coexistence')],
  'crds/projectsettings.yaml': [keep(), unless('.Values.coexistence')],
  'policies/origin.yaml': [unless('.Values.coexistence')],
  'policies/role-bindings.yaml': [
    {
      find: `expression: "'ambient-project-admin'"`,
      replace: `expression: "'{{ if .Values.coexistence }}writ{{ else }}ambient{{ end }}-project-admin'"`,
    },
  ],
  'policies/runs.yaml': [
    {
      find: /(- name: imagePullSecrets\n +expression: )"\[\]"/,
      replace: '$1{{ include "writ-base.celList" .Values.runs.imagePullSecrets }}',
    },
    {
      find: `in ['ambient-runner-secrets']`,
      replace: 'in {{ include "writ-base.celNames" .Values.runs.runnerSecrets }}',
      times: 2,
    },
  ],
  'roles/project-roles.yaml': [
    { find: /^ {2}name: ambient-project-(view|edit|admin)\n {2}labels:$/gm, replace: keptRole(), times: 3 },
    {
      find: 'resourceNames: [ambient-project-view, ambient-project-edit, ambient-project-admin]',
      replace: `resourceNames: [${['view', 'edit', 'admin'].map(roleName).join(', ')}]`,
    },
    {
      find: /---\n# Without it, users may not read `projects`[\s\S]*$/,
      replace: '{{- if .Values.namespaceLister.group }}\n$&{{- end }}\n',
    },
    {
      find: 'name: system:authenticated\n',
      replace: 'name: {{ .Values.namespaceLister.group | quote }}\n',
    },
  ],
  'roles/backend-roles.yaml': [{ find: 'ambient-project-admin]', replace: `${roleName('admin')}]` }],
  'api/deployment.yaml': [...deployment('api'), replicas('api')],
  'api/disruption-budget.yaml': disruptionBudget('api'),
  'api/network-policy.yaml': [
    ...networkPolicy(),
    {
      find: '              ambient-code.io/writ-client: "true"\n',
      replace: `$&{{- with .Values.networkPolicy.clients }}
        {{- toYaml . | nindent 8 }}
{{- end }}
`,
    },
  ],
  'controller/deployment.yaml': [...deployment('controller'), replicas('controller')],
  'controller/disruption-budget.yaml': disruptionBudget('controller'),
  'controller/network-policy.yaml': networkPolicy(),
};

/** Helm deletes it neither with the release nor because a later chart lacks it. */
function keep(): Edit {
  return { find: /^metadata:\n/gm, replace: '$&  annotations:\n    helm.sh/resource-policy: keep\n' };
}

function unless(condition: string): Edit {
  return { find: /^[\s\S]*$/, replace: `{{- if not ${condition} }}\n$&{{- end }}\n` };
}

function roleName(role: string): string {
  return `{{ include "writ.projectRolePrefix" . }}${role}`;
}

/** Members are bound to these roles: who removes Writ removes no one's right to see their sessions. */
function keptRole(): string {
  return `  name: ${roleName('$1')}
  annotations:
    helm.sh/resource-policy: keep
  labels:`;
}

function serviceAccountAnnotations(component: string): Edit {
  return {
    find: `  name: writ-${component}\n`,
    replace: `$&{{- with .Values.${component}.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
{{- end }}
`,
  };
}

function replicas(component: string): Edit {
  const line = `  replicas: {{ .Values.${component}.replicas }}\n`;
  if (component !== 'api') return { find: /^ {2}replicas: \d+\n/m, replace: line };
  // With an autoscaler, the number is not the chart's: an upgrade would reset it.
  return {
    find: /^ {2}replicas: \d+\n/m,
    replace: `{{- if not .Values.api.autoscaling.enabled }}\n${line}{{- end }}\n`,
  };
}

function deployment(component: string): Edit[] {
  const values = `.Values.${component}`;
  const field = (name: string, value: string, indent: number) => `{{- with ${value} }}
${' '.repeat(indent)}${name}:
${' '.repeat(indent)}  {{- toYaml . | nindent ${indent + 2} }}
{{- end }}
`;
  return [
    {
      find: `      labels:\n        app.kubernetes.io/name: writ-${component}\n    spec:\n`,
      replace: `      labels:
        app.kubernetes.io/name: writ-${component}
        {{- with ${values}.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        # Pods with another file of runner types replace those that run.
        checksum/runners: {{ include "writ.runners" . | sha256sum }}
        {{- with ${values}.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
`,
    },
    {
      find: `      serviceAccountName: writ-${component}\n`,
      replace: `$&${field('imagePullSecrets', '.Values.imagePullSecrets', 6)}{{- with ${values}.priorityClassName }}
      priorityClassName: {{ . }}
{{- end }}
${['nodeSelector', 'tolerations', 'affinity'].map((name) => field(name, `${values}.${name}`, 6)).join('')}`,
    },
    {
      find: /^ {6}topologySpreadConstraints:\n(?: {8}.*\n)+/m,
      replace: `{{- with ${values}.topologySpreadConstraints }}
      topologySpreadConstraints:
        {{- toYaml . | nindent 8 }}
{{- else }}
$&{{- end }}
`,
    },
    {
      find: /^( +)image: .*\n/m,
      replace: `$1image: {{ include "writ.image" . }}
{{- with .Values.image.pullPolicy }}
$1imagePullPolicy: {{ . }}
{{- end }}
`,
    },
    { find: /^( {10}env:\n)((?: {12}.*\n)+)/m, replace: envOf(component) },
    {
      find: /^( {10})resources:\n(?: {12}.*\n)+/m,
      replace: `$1resources:\n            {{- toYaml ${values}.resources | nindent 12 }}\n`,
    },
    {
      find: /^( +terminationGracePeriodSeconds: )\d+\n/m,
      replace: `$1{{ ${values}.terminationGracePeriodSeconds }}\n`,
    },
  ];
}

/** The variables of the manifest, unless a value has them. */
function envOf(component: string): string {
  return `{{- define "writ.${component}.env" }}
$2{{- end }}
$1            {{- include "writ.env" (dict "root" $ "component" "${component}") | nindent 12 }}
`;
}

function disruptionBudget(component: string): Edit[] {
  return [
    {
      find: /maxUnavailable: 1\n/,
      replace: `maxUnavailable: {{ .Values.${component}.podDisruptionBudget.maxUnavailable }}\n`,
    },
    unless(`(not .Values.${component}.podDisruptionBudget.enabled)`),
  ];
}

function networkPolicy(): Edit[] {
  return [
    {
      find: /^ {4}- ports:\n {8}- port: 443\n {10}protocol: TCP\n {8}- port: 6443\n {10}protocol: TCP\n/m,
      replace: `    - ports:
        {{- range .Values.networkPolicy.apiServer.ports }}
        - port: {{ . }}
          protocol: TCP
        {{- end }}
      {{- with .Values.networkPolicy.apiServer.to }}
      to:
        {{- toYaml . | nindent 8 }}
      {{- end }}
`,
    },
    unless('(not .Values.networkPolicy.enabled)'),
  ];
}

/** Throws an Error if the manifest is not as an edit expects: then the edit has to be changed with it. */
export function edited(path: string, text: string): string {
  let result = text;
  for (const { find, replace, times = 1 } of EDITS[path] ?? []) {
    const pattern = typeof find === 'string' ? new RegExp(RegExp.escape(find), 'g') : find;
    const flags = pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`;
    const everywhere = new RegExp(pattern.source, flags);
    // A pattern that matches everything matches the end of the text, too.
    const found = [...result.matchAll(everywhere)].filter(([match]) => match !== '').length;
    if (found !== times)
      throw new Error(`deploy/${path}: ${pattern} was found ${found} times, and ${times} expected`);
    result = result.replace(
      times > 1 ? everywhere : new RegExp(pattern.source, pattern.flags.replace('g', '')),
      replace,
    );
  }
  return result;
}
