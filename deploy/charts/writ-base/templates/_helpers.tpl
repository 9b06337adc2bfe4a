{{/* A list of names as CEL has it. The schema of the values allows no quotes in a name. */}}
{{- define "writ-base.celNames" -}}
[{{ range $index, $name := . }}{{ if $index }}, {{ end }}'{{ $name }}'{{ end }}]
{{- end }}

{{- define "writ-base.celList" -}}
{{ include "writ-base.celNames" . | quote }}
{{- end }}
