{{/* The name that everything of this release starts with. */}}
{{- define "samordna.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/*
The processes of the chosen mode, by name: their port, how many there are, and, in split,
which services each calls. The network policy is derived from `calls`, and so are the
addresses a process is given, so the two cannot disagree.
*/}}
{{- define "samordna.workloads" -}}
{{- if eq .Values.mode "allInOne" -}}
samordna: { edge: true, port: 8080, replicas: 1, calls: [] }
{{- else -}}
gateway: { edge: true, port: 8080, replicas: {{ .Values.services.gateway.replicas }}, calls: [participant, finance, reporting] }
participant: { edge: false, port: 8081, replicas: {{ .Values.services.participant.replicas }}, calls: [] }
finance: { edge: false, port: 8082, replicas: {{ .Values.services.finance.replicas }}, calls: [participant] }
reporting: { edge: false, port: 8083, replicas: {{ .Values.services.reporting.replicas }}, calls: [participant, finance] }
{{- end -}}
{{- end -}}

{{/* What one process's objects are called. Takes root and name. */}}
{{- define "samordna.objectName" -}}
{{- if eq .name "samordna" -}}
{{- include "samordna.fullname" .root -}}
{{- else -}}
{{- printf "%s-%s" (include "samordna.fullname" .root) .name -}}
{{- end -}}
{{- end -}}

{{/* Takes root and name. */}}
{{- define "samordna.image" -}}
{{- $image := .root.Values.image -}}
{{- $repository := $image.repository -}}
{{- if ne .name "samordna" -}}
{{- $repository = printf "%s-%s" $image.repository .name -}}
{{- end -}}
{{- printf "%s:%s" $repository (default .root.Chart.AppVersion $image.tag) -}}
{{- end -}}

{{/* What never changes for a process, so that it can select its pods. Takes root and name. */}}
{{- define "samordna.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{/* Takes root and name. */}}
{{- define "samordna.labels" -}}
{{ include "samordna.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/* A rule of egress. Takes to, a list of peers, and ports, each with its protocol. */}}
{{- define "samordna.egressRule" -}}
- ports:
    {{- range .ports }}
    - protocol: {{ .protocol }}
      port: {{ .port }}
    {{- end }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* The names of those whom a process calls. */}}
{{- define "samordna.egressToNames" -}}
{{- $ports := list -}}
{{- range .Values.networkPolicy.dnsPorts -}}
{{- $ports = concat $ports (list (dict "protocol" "UDP" "port" .) (dict "protocol" "TCP" "port" .)) -}}
{{- end -}}
{{- include "samordna.egressRule" (dict "to" .Values.networkPolicy.dnsTo "ports" $ports) -}}
{{- end -}}

{{/* The database, by its name. */}}
{{- define "samordna.egressToDatabase" -}}
{{- $policy := .Values.networkPolicy -}}
{{- $ports := list (dict "protocol" "TCP" "port" $policy.databasePort) -}}
{{ include "samordna.egressToNames" . }}
{{ include "samordna.egressRule" (dict "to" $policy.databaseTo "ports" $ports) }}
{{- end -}}

{{/* Whom a process may reach; nothing for nobody. Takes root and workload. */}}
{{- define "samordna.egress" -}}
{{- $root := .root -}}
{{- $values := .root.Values -}}
{{- $endpoint := $values.telemetry.endpoint -}}
{{- if eq $values.mode "split" }}
{{ include "samordna.egressToDatabase" $root }}
{{- else if $endpoint }}
{{ include "samordna.egressToNames" $root }}
{{- end }}
{{- $workloads := include "samordna.workloads" $root | fromYaml }}
{{- range $callee := .workload.calls }}
{{- $labels := include "samordna.selectorLabels" (dict "root" $root "name" $callee) | fromYaml }}
{{- $to := list (dict "podSelector" (dict "matchLabels" $labels)) }}
{{- $ports := list (dict "protocol" "TCP" "port" (index $workloads $callee).port) }}
{{ include "samordna.egressRule" (dict "to" $to "ports" $ports) }}
{{- end }}
{{- if $endpoint }}
{{- $host := (urlParse $endpoint).host }}
{{- $named := regexFind "[0-9]+$" (regexFind ":[0-9]+$" $host) | default "80" }}
{{- $port := $values.networkPolicy.telemetryPort | default $named }}
{{- $ports := list (dict "protocol" "TCP" "port" $port) }}
{{ include "samordna.egressRule" (dict "to" $values.networkPolicy.telemetryTo "ports" $ports) }}
{{- end }}
{{- with $values.networkPolicy.extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What every pod may and may not do: as little as there is. */}}
{{- define "samordna.podSecurity" -}}
automountServiceAccountToken: false
# The variables that Kubernetes would add for each Service of the namespace start with
# the release's name, and can be mistaken for settings.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- define "samordna.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* What decides which node a pod runs on. */}}
{{- define "samordna.placement" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Where a service finds its database: all that its migration needs. Takes root and name. */}}
{{- define "samordna.databaseUrl" -}}
- name: SAMORDNA__{{ upper .name }}__DATABASE__URL
  valueFrom:
    secretKeyRef:
      name: {{ .root.Values.database.existingSecret | quote }}
      key: {{ .name }}
{{- end -}}

{{/* Where the certificate of the database's issuer is read. */}}
{{- define "samordna.databaseIssuerMount" -}}
- name: database-issuer
  mountPath: /etc/samordna/database
  readOnly: true
{{- end -}}

{{- define "samordna.databaseIssuerVolume" -}}
- name: database-issuer
  configMap:
    name: {{ .Values.database.rootCertificateConfigMap | quote }}
    items:
      - key: root.crt
        path: root.crt
{{- end -}}

{{/* What the records of a service are locked with. Takes root and owner. */}}
{{- define "samordna.masterKey" -}}
- name: SAMORDNA__{{ upper .owner }}__MASTER_KEY
  valueFrom:
    secretKeyRef:
      name: {{ (index .root.Values .owner).existingSecret | quote }}
      key: master-key
{{- end -}}

{{/*
The settings of one process. Secrets are references into Secrets that exist already; a
process gets the keys that it needs and no other. Takes root, name and workload.
*/}}
{{- define "samordna.environment" -}}
{{- $root := .root -}}
{{- $values := .root.Values -}}
{{- $section := eq .name "samordna" | ternary "gateway" .name -}}
# The network policy and the ingress stand in front of the listener.
- name: SAMORDNA__INSECURE_LISTEN
  value: "true"
- name: SAMORDNA__{{ upper $section }}__LISTEN
  value: 0.0.0.0:{{ .workload.port }}
{{- if .workload.edge }}
- name: SAMORDNA__GATEWAY__SECURE_COOKIES
  value: {{ $values.gateway.secureCookies | quote }}
{{- with $values.gateway.publicUrl }}
- name: SAMORDNA__GATEWAY__PUBLIC_URL
  value: {{ . | quote }}
{{- end }}
{{- end }}
- name: SAMORDNA__TELEMETRY__LOG_FORMAT
  value: {{ $values.telemetry.logFormat }}
{{- with $values.telemetry.endpoint }}
- name: SAMORDNA__TELEMETRY__ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- if eq $values.mode "allInOne" }}
- name: SAMORDNA__DATA_DIRECTORY
  value: /data
{{- range $owner := list "participant" "gateway" }}
{{- if (index $values $owner).existingSecret }}
{{ include "samordna.masterKey" (dict "root" $root "owner" $owner) }}
{{- end }}
{{- end }}
{{- else }}
{{ include "samordna.databaseUrl" . }}
- name: SAMORDNA__{{ upper .name }}__DATABASE__CONNECTIONS
  value: {{ (index $values.services .name).databaseConnections | quote }}
{{- $half := .workload.edge | ternary "private" "public" }}
- name: SAMORDNA__PRINCIPAL__{{ upper $half }}_KEY
  valueFrom:
    secretKeyRef:
      name: {{ $values.principal.existingSecret | quote }}
      key: {{ $half }}-key
{{- if has .name (list "participant" "gateway") }}
{{ include "samordna.masterKey" (dict "root" $root "owner" .name) }}
{{- end }}
{{- $workloads := include "samordna.workloads" $root | fromYaml }}
{{- range $callee := .workload.calls }}
- name: SAMORDNA__PEERS__{{ upper $callee }}
  value: http://{{ include "samordna.objectName" (dict "root" $root "name" $callee) }}:{{ (index $workloads $callee).port }}
{{- end }}
{{- end }}
{{- end -}}
