import { inContexts } from './places';
import { isObject, JsonObject } from '../../manifest/json';
import { quote } from '../quote';
import { Pack, PodRule, RuleFinding, Severity } from '../rule';

const TYPES = ['container_t', 'container_init_t', 'container_kvm_t'];

/** SELinux labels that are not those of containers. */
export const customSelinuxOptions: PodRule = {
  id: 'custom-selinux-options',
  severity: Severity.WARNING,
  pack: Pack.RESTRICTED,
  looksAtMakeOnly: true,
  keys: ['seLinuxOptions'],
  summary: 'SELinux options name no user, no role, and no type other than container_t, container_init_t, container_kvm_t and, from Kubernetes 1.31 on, container_engine_t.',
  why: 'the label decides what a process may do on a node with SELinux, and spc_t, for one, may do everything; Pod Security refuses others from the level baseline on',
  fix: 'remove the option: the container runtime chooses the label; `level` may stay',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  notApplicable: 'to pods without SELinux options',
  bad: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { seLinuxOptions: { type: spc_t } }
`,
  good: `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: "shop/web:1.0"
      securityContext: { seLinuxOptions: { type: container_t, level: "s0:c123,c456" } }
`,
  seen: 'Where Kubernetes 1.33.13 enforced the level restricted it refused the bad example with `seLinuxOptions (container "web" set forbidden securityContext.seLinuxOptions: type "spc_t")`, and had no such objection to the good one.',
  check: (subject) => inContexts(subject, ({ seLinuxOptions }, owner) =>
    isObject(seLinuxOptions) ? findIn(seLinuxOptions, `${owner}.securityContext.seLinuxOptions`, subject.target.minor) : undefined),
};

function findIn({ type, user, role }: JsonObject, path: string, minor: number): RuleFinding[] {
  const found: RuleFinding[] = [];
  if (isSet(type) && !TYPES.includes(type) && !(type === 'container_engine_t' && minor >= 31)) {
    found.push({ field: `${path}.type`, fact: `${quote(type)} is no type that containers may choose` });
  }
  if (isSet(user)) {
    found.push({ field: `${path}.user`, fact: `${quote(user)} is a chosen user` });
  }
  if (isSet(role)) {
    found.push({ field: `${path}.role`, fact: `${quote(role)} is a chosen role` });
  }
  return found;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
