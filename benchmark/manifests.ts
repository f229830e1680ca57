/** Manifests to check: so many pods of 62 lines, or so many apps of a Deployment with what belongs to it. */

function containers(name: string, indent: string): string {
  return `- name: app
  image: registry.example/shop/${name}:1.4.2
  ports:
    - name: http
      containerPort: 8080
  env:
    - name: PAGES
      value: /srv/pages
  resources:
    requests: { cpu: 100m, memory: 128Mi, ephemeral-storage: 128Mi }
    limits: { cpu: 500m, memory: 128Mi, ephemeral-storage: 128Mi }
  readinessProbe:
    httpGet: { path: /healthz, port: http }
    periodSeconds: 10
  livenessProbe:
    httpGet:
      path: /livez
      port: http
    periodSeconds: 20
  securityContext:
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities:
      drop: ["ALL"]
  volumeMounts:
    - name: pages
      mountPath: /srv/pages
- name: shipper
  image: registry.example/shop/shipper:2.0.1
  resources:
    requests: { cpu: 50m, memory: 64Mi, ephemeral-storage: 128Mi }
    limits: { cpu: 100m, memory: 64Mi, ephemeral-storage: 128Mi }
  securityContext:
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities:
      drop: ["ALL"]
  volumeMounts:
    - { name: pages, mountPath: /srv/pages, readOnly: true }
`.replace(/^/gm, indent).trimEnd();
}

function spec(name: string, indent: string): string {
  return `${`automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  fsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
terminationGracePeriodSeconds: 30
volumes:
  - name: pages
    emptyDir: { sizeLimit: 64Mi }
containers:`.replace(/^/gm, indent)}
${containers(name, `${indent}  `)}
`;
}

const metadata = (name: string) => `metadata:
  name: ${name}
  namespace: shop
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/part-of: shop
`;

const selector = (name: string, key: string) => `  ${key}:
    matchLabels:
      app.kubernetes.io/name: ${name}
`;

function pod(index: number): string[] {
  const name = `web-${index}`;
  return [`apiVersion: v1\nkind: Pod\n${metadata(name)}spec:\n${spec(name, '  ')}`];
}

function app(index: number): string[] {
  const name = `web-${index}`;
  const template = `  template:\n    metadata:\n      labels:\n        app.kubernetes.io/name: ${name}\n    spec:\n${spec(name, '      ')}`;
  return [
    `apiVersion: apps/v1\nkind: Deployment\n${metadata(name)}spec:\n  replicas: 2\n${selector(name, 'selector')}${template}`,
    `apiVersion: v1\nkind: Service\n${metadata(name)}spec:\n  selector:\n    app.kubernetes.io/name: ${name}\n  ports:\n    - port: 80\n      targetPort: http\n`,
    `apiVersion: policy/v1\nkind: PodDisruptionBudget\n${metadata(name)}spec:\n  maxUnavailable: 1\n  unhealthyPodEvictionPolicy: AlwaysAllow\n${selector(name, 'selector')}`,
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n${metadata(name)}spec:\n  policyTypes: [Ingress, Egress]\n${selector(name, 'podSelector')}`,
  ];
}

/** A file of these. */
export function manifests(what: 'pods' | 'apps', count: number): string {
  return Array.from({ length: count }, (_, index) => what === 'pods' ? pod(index) : app(index)).flat().join('---\n');
}
