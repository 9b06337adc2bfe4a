import { readFileSync } from 'node:fs';
import { BlockList, isIPv6 } from 'node:net';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { AgenticSession } from '../../src/model/session.ts';
import { runOf } from '../controller/fixture.ts';

interface Peer {
  ipBlock?: { cidr: string; except?: string[] };
  namespaceSelector?: Record<string, never>;
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

  it.each(['169.254.169.254', '169.254.170.2', '168.63.129.16', '100.100.100.200', '192.0.0.192'])(
    'lets them connect to no metadata service: %s',
    (address) => {
      for (const port of [80, 443, 6443, 8080, 32_526]) expect(allowed(address, port)).toBe(false);
    },
  );

  it.each(['fd00:ec2::254', 'fd20:ce::254', 'fe80::1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::a9fe:a9fe'])(
    'lets them connect to none over IPv6: %s',
    (address) => {
      for (const port of [80, 443, 6443]) expect(allowed(address, port)).toBe(false);
    },
  );

  it.each([
    '10.96.0.10',
    '10.244.1.7',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    'fd12:3456::1',
    '64:ff9b::a00:1',
    '64:ff9b::c0a8:101',
  ])('lets them connect to no database, kubelet or other service of a neighbour: %s', (address) => {
    for (const port of [22, 80, 2379, 4000, 4001, 5432, 6379, 8080, 10_250])
      expect(allowed(address, port)).toBe(false);
  });

  it.each(['10.96.0.1', '172.18.0.2', '192.168.49.2', '100.64.0.1', 'fd12:3456::1'])(
    'lets them report to an API server with the address %s',
    (address) => {
      expect([allowed(address, 443), allowed(address, 6443)]).toEqual([true, true]);
    },
  );

  it('lets them resolve names in the cluster, and only that', () => {
    const rules = spec.egress.filter(({ to }: { to: Peer[] }) => to.some((peer) => !peer.ipBlock));
    expect(rules).toHaveLength(1);
    const ports: { port: number }[] = rules[0].ports;
    expect(new Set(ports.map(({ port }) => port))).toEqual(new Set([53, 5353]));
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
