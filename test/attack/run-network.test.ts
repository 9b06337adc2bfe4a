import { readFileSync } from 'node:fs';
import { BlockList, isIPv6 } from 'node:net';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { AgenticSession } from '../../src/model/session.ts';
import { runOf } from '../controller/fixture.ts';

interface Peer {
  ipBlock?: { cidr: string; except?: string[] };
  namespaceSelector?: object;
}

const { metadata, spec } = parse(readFileSync('deploy/project/network-policy.yaml', 'utf8'));

/** Whether a peer of the policy has the address, as the NetworkPolicy API defines it. */
function has({ ipBlock }: Peer, address: string): boolean {
  return !!ipBlock && within(ipBlock.cidr, address) && !ipBlock.except?.some((cidr) => within(cidr, address));
}

function within(cidr: string, address: string): boolean {
  const [network = '', prefix] = cidr.split('/');
  const type = isIPv6(network) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), type);
  return type === (isIPv6(address) ? 'ipv6' : 'ipv4') && list.check(address, type);
}

function allowed(address: string, port: number): boolean {
  return spec.egress.some(
    ({ to, ports }: { to: Peer[]; ports?: { port: number; protocol: string }[] }) =>
      to.some((peer) => has(peer, address)) &&
      (!ports || ports.some((each) => each.port === port && each.protocol === 'TCP')),
  );
}

describe('the NetworkPolicy of runs', () => {
  it.each([
    ['140.82.121.3', 443],
    ['140.82.121.3', 22],
    ['8.8.8.8', 53],
    ['172.15.255.255', 80],
    ['172.32.0.1', 80],
    ['2606:50c0:8000::153', 443],
    ['64:ff9b::8c52:7903', 443],
  ])('lets them connect to the internet: %s, port %i', (address, port) => {
    expect(allowed(address, port)).toBe(true);
  });

  it.each([
    ['a metadata service', '169.254.169.254'],
    ['that of ECS', '169.254.170.2'],
    ["that of Azure's host", '168.63.129.16'],
    ['that of Alibaba', '100.100.100.200'],
    ['that of older Oracle instances', '192.0.0.192'],
    ['that of AWS over IPv6', 'fd00:ec2::254'],
    ['that of Google over IPv6', 'fd20:ce::254'],
    ['one behind NAT64', '64:ff9b::a9fe:a9fe'],
    ['one behind NAT64 of local use', '64:ff9b:1::a9fe:a9fe'],
    ['the link', 'fe80::1'],
    ['a Service', '10.96.0.10'],
    ['a pod', '10.244.1.7'],
    ['the first of a range', '172.16.0.0'],
    ['the last of a range', '172.31.255.255'],
    ['a node', '192.168.1.1'],
    ['a shared address', '100.64.0.1'],
    ['a pod with a reserved address', '240.10.0.1'],
    ['a pod with an address for benchmarks', '198.19.255.255'],
    ['a group', '224.0.0.251'],
    ['a pod over IPv6', 'fd12:3456::1'],
    ['a group over IPv6', 'ff02::fb'],
    ['a neighbour behind NAT64', '64:ff9b::a00:1'],
    ['another', '64:ff9b::c0a8:101'],
    ['a pod with a reserved address behind NAT64', '64:ff9b::f00a:1'],
  ])('does not let them connect to %s: %s', (_, address) => {
    for (const port of [22, 53, 80, 443, 2379, 4000, 5432, 6443, 8080, 10_250])
      expect([port, allowed(address, port)]).toEqual([port, false]);
  });

  it('lets them resolve names, and selects nothing that a project can have', () => {
    const others = spec.egress.filter(({ to }: { to: Peer[] }) => !to.every((peer) => peer.ipBlock));
    expect(others).toHaveLength(1);
    const [{ to, ports }] = others;
    expect(to).toEqual([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
        podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      },
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'openshift-dns' } } },
    ]);
    expect(new Set(ports.map(({ port }: { port: number }) => port))).toEqual(new Set([53, 5353]));
  });

  it('lets nothing connect to them', () => {
    expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(spec).not.toHaveProperty('ingress');
  });

  it('selects the pods of runs by a label that they have, in the namespace that it is applied in', () => {
    const session = {
      metadata: { name: 'a', namespace: 'demo', uid: '5e551000-0000-4000-8000-0000000000ff' },
    };
    const { labels } = runOf(session as AgenticSession).Job.spec.template.metadata;
    expect(spec.podSelector).toEqual({
      matchExpressions: [{ key: 'ambient-code.io/session-uid', operator: 'Exists' }],
    });
    expect(labels).toHaveProperty(['ambient-code.io/session-uid']);
    expect(metadata).not.toHaveProperty('namespace');
  });
});
