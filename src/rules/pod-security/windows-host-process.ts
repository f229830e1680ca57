import { inContexts } from './places';
import { isObject } from '../../manifest/json';
import { Pack, PodRule, Severity } from '../rule';

/** Containers that are processes of a Windows node. */
export const windowsHostProcess: PodRule = {
  id: 'windows-host-process',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  keys: ['windowsOptions'],
  summary: 'Nothing sets `windowsOptions.hostProcess: true`.',
  why: 'such a container is not confined at all: it runs on the node, as a user of the node; Pod Security refuses it from the level baseline on',
  fix: 'remove `hostProcess`; for an agent of the node, keep it in a namespace of its own at the level privileged and waive this finding with that reason',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  notApplicable: 'to pods without Windows options',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  os: { name: windows }
  hostNetwork: true
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { windowsOptions: { hostProcess: true, runAsUserName: "NT AUTHORITY\\\\SYSTEM" } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  os: { name: windows }
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { windowsOptions: { runAsUserName: ContainerUser } }
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `hostProcess (container "web" must not set securityContext.windowsOptions.hostProcess=true)`, and had no such objection to the good one.',
  check: (subject) => inContexts(subject, ({ windowsOptions }, owner) =>
    isObject(windowsOptions) && windowsOptions.hostProcess === true
      ? { field: `${owner}.securityContext.windowsOptions.hostProcess`, fact: '"true" makes containers processes of the node' } : undefined),
};
