{{/* With a digest, the tag is for readers: the digest decides. */}}
{{- define "writ.image" -}}
{{- with .Values.image -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ with .digest }}@{{ . }}{{ end }}
{{- end -}}
{{- end }}

{{- define "writ.projectRolePrefix" -}}
{{ if .Values.coexistence }}writ{{ else }}ambient{{ end }}-project-
{{- end }}

{{/* The file of runner types. */}}
{{- define "writ.runners" -}}
{{ .Values.runners | default (.Files.Get "files/runners.yaml") }}
{{- end }}

{{/* The environment of a component: that of its manifest, then what the values set, in the order of their names. */}}
{{- define "writ.env" -}}
{{- $values := .root.Values -}}
{{- $component := index $values .component -}}
{{- $env := dict -}}
{{- range fromYamlArray (include (printf "writ.%s.env" .component) .root) -}}
{{- $_ := set $env .name .value -}}
{{- end -}}
{{- if $values.coexistence -}}
{{- $_ := set $env "WRIT_RUNNER" "operator" -}}
{{- if eq .component "api" -}}
{{- $_ := set $env "WRIT_PROJECT_ROLE_PREFIX" (include "writ.projectRolePrefix" .root) -}}
{{- $_ := set $env "WRIT_GROUP_ACCESS" "operator" -}}
{{- $_ := set $env "WRIT_ORIGIN_POLICY_IN_FORCE" "false" -}}
{{- $_ := set $env "WRIT_ADMIN_ACCESS_KEYS" "false" -}}
{{- end -}}
{{- end -}}
{{- if and (eq .component "api") $values.schedules.url -}}
{{- $_ := set $env "WRIT_SCHEDULE_URL" $values.schedules.url -}}
{{- $_ := set $env "WRIT_SCHEDULE_IMAGE" ($values.schedules.image | default (include "writ.image" .root)) -}}
{{- end -}}
{{- range $settings := list $values.settings $component.settings -}}
{{- range $name, $value := $settings -}}
{{/* Helm reads a number as a float, which would be printed as 1.6777216e+07. */}}
{{- $_ := set $env $name (kindIs "float64" $value | ternary (printf "%.0f" $value) (toString $value)) -}}
{{- end -}}
{{- end -}}
{{- $list := list -}}
{{- range $name, $value := $env -}}
{{- $list = append $list (dict "name" $name "value" $value) -}}
{{- end -}}
{{- toYaml (concat $list $component.extraEnv) -}}
{{- end }}

{{- define "writ.apiLabels" -}}
app.kubernetes.io/name: writ-api
app.kubernetes.io/part-of: writ
{{- end }}

{{/* Below which paths of its host a proxy passes requests on. */}}
{{- define "writ.path" -}}
{{ merge dict .Values.api.settings .Values.settings | dig "WRIT_BASE_PATH" "" | default "/" }}
{{- end }}
